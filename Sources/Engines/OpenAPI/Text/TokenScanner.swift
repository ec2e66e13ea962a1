/// Reads the shared pieces of HTTP header grammar: tokens, quoted strings, parameters (RFC 9110, section 5.6).
struct TokenScanner {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        skipBlanks()
    }

    /// True where only blanks are left.
    var isAtEnd: Bool { bytes[offset...].allSatisfy(ASCII.isBlank) }

    var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    mutating func skipBlanks() {
        while let byte = next, ASCII.isBlank(byte) { offset += 1 }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        offset += 1
        return true
    }

    mutating func token() -> String? {
        let run = bytes[offset...].prefix(while: ASCII.isToken)
        guard !run.isEmpty else { return nil }
        offset += run.count
        return String(decoding: run, as: UTF8.self)
    }

    /// `"…"` with backslash pairs resolved; nil where it does not end or holds control characters.
    mutating func quotedString() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var value: [UInt8] = []
        while let byte = next {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return UTF8Text.validated(value)
            case UInt8(ascii: "\\"):
                guard let escaped = next, escaped >= 0x20 || escaped == 0x09, escaped != 0x7F else { return nil }
                value.append(escaped)
                offset += 1
            case 0x09, 0x20...0x7E, 0x80...: value.append(byte)
            default: return nil
            }
        }
        return nil
    }

    /// `*( OWS ";" OWS [ name "=" value ] )`; nil where one is malformed. A limit of 32 parameters refuses.
    mutating func parameters() -> [(name: String, value: String)]? {
        var result: [(name: String, value: String)] = []
        while true {
            skipBlanks()
            guard take(UInt8(ascii: ";")) else { return result }
            skipBlanks()
            guard let byte = next, byte != UInt8(ascii: ";"), byte != UInt8(ascii: ",") else { continue }
            guard result.count < 32, let name = token(), take(UInt8(ascii: "=")) else { return nil }
            guard let value = next == UInt8(ascii: "\"") ? quotedString() : token() else { return nil }
            result.append((name, value))
        }
    }
}
