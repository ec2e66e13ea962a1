/// What may be a name in Cedar.
public enum Identifiers {
    /// Words that cannot be an identifier.
    public static let reserved: Set<String> = ["true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar"]

    /// True for a letter or underscore followed by letters, digits and underscores, all ASCII.
    public static func isIdentifierShaped(_ text: some StringProtocol) -> Bool {
        var first = true
        for byte in text.utf8 {
            guard Bytes.isIdentifierByte(byte), !first || !Bytes.isDigit(byte) else { return false }
            first = false
        }
        return !first
    }

    /// True for an identifier that is no reserved word.
    public static func isIdentifier(_ text: some StringProtocol) -> Bool {
        isIdentifierShaped(text) && !reserved.contains(String(text))
    }

    /// True for an identifier that may stand as an attribute name without quotes.
    static func isPlainKey(_ text: String) -> Bool {
        isIdentifierShaped(text) && (text == "__cedar" || !reserved.contains(text))
    }

    /// True for identifiers joined by `::`, none of them reserved.
    public static func isTypeName(_ text: some StringProtocol) -> Bool {
        components(of: String(text)).allSatisfy { isIdentifier($0) }
    }

    /// The identifiers of a name; `A::B` has two.
    static func components(of name: String) -> [String] {
        var parts: [String] = []
        var current: [UInt8] = []
        var bytes = ArraySlice(Array(name.utf8))
        while let byte = bytes.first {
            if byte == UInt8(ascii: ":"), bytes.dropFirst().first == UInt8(ascii: ":") {
                parts.append(String(decoding: current, as: UTF8.self))
                current = []
                bytes = bytes.dropFirst(2)
            } else {
                current.append(byte)
                bytes = bytes.dropFirst()
            }
        }
        return parts + [String(decoding: current, as: UTF8.self)]
    }

    /// True for `Action` and every `…::Action`.
    static func isActionType(_ type: Text) -> Bool {
        let bytes = type.string.utf8
        guard bytes.count >= 6, type.string.hasSuffix("Action") else { return false }
        return bytes.count == 6 || type.string.hasSuffix("::Action")
    }
}

/// Classes of ASCII bytes.
enum Bytes {
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    static func isIdentifierStart(_ byte: UInt8) -> Bool {
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte == 0x5F
    }

    static func isIdentifierByte(_ byte: UInt8) -> Bool { isIdentifierStart(byte) || isDigit(byte) }

    static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46: UInt32(byte - 0x37)
        case 0x61...0x66: UInt32(byte - 0x57)
        default: nil
        }
    }
}
