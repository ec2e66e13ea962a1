/// What is refused in a path before any route is looked up, because two servers could read it differently.
enum RequestPath {
    enum Fault: Error, Hashable {
        case badEncoding
        case controlCharacter
        case dotSegment
        case encodedSlash
        case notAbsolute

        var reason: String {
            switch self {
            case .badEncoding: "the path's percent-encoding or UTF-8 is broken"
            case .controlCharacter: "the path holds a control character"
            case .dotSegment: "the path holds a `.` or `..` segment"
            case .encodedSlash: "the path holds an encoded slash or backslash"
            case .notAbsolute: "the path does not start with `/`"
            }
        }
    }

    /// Checks a raw path without its query.
    static func check(_ path: [UInt8], allowsEncodedSlash: Bool) throws(Fault) {
        guard path.first == UInt8(ascii: "/") else { throw .notAbsolute }
        guard let decoded = Percent.decode(path) else { throw .badEncoding }
        if decoded.contains(where: { $0 < 0x20 || $0 == 0x7F }) { throw .controlCharacter }
        if path.contains(where: { $0 >= 0x80 || $0 == UInt8(ascii: "%") }) {
            guard UTF8Text.validated(decoded) != nil else { throw .badEncoding }
            if !allowsEncodedSlash, slashes(decoded) != slashes(path) { throw .encodedSlash }
        }
        let isDots = decoded.split(separator: UInt8(ascii: "/")).contains { $0.count <= 2 && $0.allSatisfy { $0 == UInt8(ascii: ".") } }
        if isDots { throw .dotSegment }
    }

    private static func slashes(_ bytes: [UInt8]) -> Int {
        bytes.count { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
    }
}
