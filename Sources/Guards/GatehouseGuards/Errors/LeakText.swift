/// The text of a body as a reader sees it: JSON escapes and HTML entities undone, tags taken away.
///
/// Error pages write `File &quot;/app/x.py&quot;` and error documents `File \"/app/x.py\"`; signatures are written for
/// neither.
enum LeakText {
    /// The plain text of a body, never longer than the body.
    static func plain(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let (piece, length): (UInt8?, Int)
            switch bytes[index] {
            case UInt8(ascii: "\\"): (piece, length) = escape(bytes, index)
            case UInt8(ascii: "&"): (piece, length) = entity(bytes, index)
            case UInt8(ascii: "<"): (piece, length) = tag(bytes, index)
            default: (piece, length) = (bytes[index], 1)
            }
            if let piece { result.append(piece) }
            index += length
        }
        return result
    }

    /// Two-character escapes and those of ASCII by number; others stay.
    private static func escape(_ bytes: [UInt8], _ index: Int) -> (UInt8?, Int) {
        guard index + 1 < bytes.count else { return (bytes[index], 1) }
        switch bytes[index + 1] {
        case UInt8(ascii: "n"), UInt8(ascii: "r"): return (0x0A, 2)
        case UInt8(ascii: "t"): return (0x20, 2)
        case UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: "\\"): return (bytes[index + 1], 2)
        case UInt8(ascii: "u"):
            let digits = bytes[(index + 2)...].prefix(4).compactMap(hexValue)
            guard digits.count == 4, digits[0] == 0, digits[1] == 0, digits[2] < 8 else { return (bytes[index], 1) }
            return (digits[2] << 4 | digits[3], 6)
        default: return (bytes[index], 1)
        }
    }

    private static let entities: [(name: [UInt8], byte: UInt8)] = [
        ("&quot;", 0x22), ("&#34;", 0x22), ("&#x22;", 0x22), ("&apos;", 0x27), ("&#39;", 0x27), ("&#x27;", 0x27), ("&lt;", 0x3C),
        ("&#60;", 0x3C), ("&gt;", 0x3E), ("&#62;", 0x3E), ("&amp;", 0x26), ("&#38;", 0x26), ("&nbsp;", 0x20), ("&#160;", 0x20),
        ("&#47;", 0x2F), ("&#x2f;", 0x2F), ("&#92;", 0x5C), ("&#10;", 0x0A), ("&#13;", 0x0A), ("&lpar;", 0x28), ("&rpar;", 0x29),
        ("&#40;", 0x28), ("&#41;", 0x29), ("&colon;", 0x3A), ("&#58;", 0x3A),
    ].map { (Array($0.0.utf8), $0.1) }

    private static func entity(_ bytes: [UInt8], _ index: Int) -> (UInt8?, Int) {
        for (name, byte) in entities where bytes[index...].prefix(name.count).lazy.map(lowercased).elementsEqual(name) {
            return (byte, name.count)
        }
        return (bytes[index], 1)
    }

    /// A tag of at most 400 bytes goes; those that end a line become its end.
    private static func tag(_ bytes: [UInt8], _ index: Int) -> (UInt8?, Int) {
        guard index + 1 < bytes.count else { return (bytes[index], 1) }
        let isEnd = bytes[index + 1] == UInt8(ascii: "/")
        let name = bytes[(index + (isEnd ? 2 : 1))...].prefix { lowercased($0) &- 0x61 < 26 || $0 &- 0x30 < 10 }
        guard let first = name.first, lowercased(first) &- 0x61 < 26,
            let end = bytes[index...].prefix(400).firstIndex(of: UInt8(ascii: ">"))
        else { return (bytes[index], 1) }
        let breaksLine = [
            "br", "p", "li", "tr", "div", "pre", "h1", "h2", "h3", "h4", "td", "th", "title", "dt", "dd",
        ].contains(String(decoding: name.map(lowercased), as: UTF8.self))
        return (breaksLine ? 0x0A : nil, end - index + 1)
    }
}
