/// JSON Pointers as text (RFC 6901).
enum PointerText {
    /// A reference token with `~` and `/` escaped.
    static func escape(_ token: String) -> String {
        guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return token }
        var result: [UInt8] = []
        for byte in token.utf8 {
            switch byte {
            case UInt8(ascii: "~"): result += Array("~0".utf8)
            case UInt8(ascii: "/"): result += Array("~1".utf8)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The tokens of a pointer; nil where it does not start with `/` or an escape is broken. The empty pointer has none.
    static func tokens(_ pointer: String) -> [String]? {
        if pointer.isEmpty { return [] }
        guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
        var result: [String] = []
        for part in pointer.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let token = unescape(part) else { return nil }
            result.append(token)
        }
        return result
    }

    private static func unescape(_ part: Substring.UTF8View) -> String? {
        guard part.contains(UInt8(ascii: "~")) else { return String(Substring(part)) }
        var result: [UInt8] = []
        var iterator = part.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "~") else {
                result.append(byte)
                continue
            }
            switch iterator.next() {
            case UInt8(ascii: "0"): result.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): result.append(UInt8(ascii: "/"))
            default: return nil
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// A pointer as a URI's fragment: `%` and what a fragment cannot hold are encoded.
    static func percentEncoded(_ pointer: String) -> String {
        pointer.utf8.contains(UInt8(ascii: "%")) ? pointer.replacing("%", with: "%25") : pointer
    }
}
