/// Reads a `Cookie` header (RFC 6265 section 4.2, lenient).
enum CookieHeader {
    static func read(_ header: Slice, settings: Settings, add: (Slice, Slice) -> Void) {
        let separator = settings.cookieSeparator ?? separator(of: header)
        var start = 0
        while start <= header.count {
            let end = header.firstIndex(of: separator, from: start) ?? header.count
            var pair = header.part(start, end)
            while !pair.isEmpty, isSpace(pair[0]) { pair = pair.suffix(from: 1) }
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let name = pair.part(0, equals ?? pair.count)
            if !name.isEmpty { add(name, equals.map { pair.suffix(from: $0 + 1) } ?? .empty) }
            start = end + 1
        }
    }

    /// A semicolon, or a comma that a space follows where there is no semicolon.
    private static func separator(of header: Slice) -> UInt8 {
        if header.firstIndex(of: UInt8(ascii: ";")) != nil { return UInt8(ascii: ";") }
        guard let comma = header.firstIndex(of: UInt8(ascii: ",")), comma + 1 < header.count, header[comma + 1] == 32 else {
            return UInt8(ascii: ";")
        }
        return UInt8(ascii: ",")
    }
}
