internal import GatehouseCore

/// Writes one JSON object as bytes, without building values first.
struct JSONLine {
    private let out = LineBuffer()
    private var needsComma = false

    mutating func object(_ key: StaticString? = nil, _ body: (inout JSONLine) -> Void) {
        if let key { self.key(key) } else { comma() }
        out.append(UInt8(ascii: "{"))
        needsComma = false
        body(&self)
        out.append(UInt8(ascii: "}"))
        needsComma = true
    }

    /// An array, under a key or as an element of another.
    mutating func array(_ key: StaticString? = nil, _ body: (inout JSONLine) -> Void) {
        if let key { self.key(key) } else { comma() }
        out.append(UInt8(ascii: "["))
        needsComma = false
        body(&self)
        out.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// A text as an element of an array.
    mutating func string(element: String) {
        comma()
        string(element)
        needsComma = true
    }

    mutating func field(_ key: StaticString, _ value: String) {
        self.key(key)
        string(value)
        needsComma = true
    }

    /// A field whose value is the 32 hexadecimal digits of a number.
    mutating func field(_ key: StaticString, hexadecimal value: UInt128) {
        self.key(key)
        out.append(UInt8(ascii: "\""))
        out.append(hexadecimal: value)
        out.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Fields that are always the same, as they stand in the line, commas between them.
    mutating func fields(_ literal: StaticString) {
        comma()
        out.append(literal: literal)
        needsComma = true
    }

    /// Leaves the field out where the value is empty.
    mutating func fieldIfAny(_ key: StaticString, _ value: String) { if !value.isEmpty { field(key, value) } }

    mutating func field(_ key: StaticString, _ value: Int64) {
        self.key(key)
        out.append(decimal: value)
        needsComma = true
    }

    mutating func field(_ key: StaticString, _ value: Int) { field(key, Int64(value)) }

    mutating func field(_ key: StaticString, _ value: Bool) {
        self.key(key)
        out.append(literal: value ? "true" : "false")
        needsComma = true
    }

    mutating func field(named name: String, _ value: String) {
        comma()
        string(name)
        out.append(UInt8(ascii: ":"))
        string(value)
        needsComma = true
    }

    /// Ends the line and moves it behind others.
    mutating func end(to bytes: inout [UInt8]) {
        out.append(literal: "\n")
        out.move(to: &bytes)
        needsComma = false
    }

    private mutating func key(_ key: StaticString) {
        out.append(key: key, needsComma: needsComma)
    }

    private mutating func comma() { if needsComma { out.append(UInt8(ascii: ",")) } }

    private mutating func string(_ value: String) {
        out.append(UInt8(ascii: "\""))
        let text = value.utf8Span.span
        if Self.isPlain(text) { out.append(contentsOf: text) } else { escape(text) }
        out.append(UInt8(ascii: "\""))
    }

    private static func isPlain(_ text: Span<UInt8>) -> Bool {
        for index in 0..<text.count where needsEscape(text[index]) { return false }
        return true
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private mutating func escape(_ text: Span<UInt8>) {
        for index in 0..<text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(literal: "\\")
                out.append(byte)
            case 0x0A: out.append(literal: "\\n")
            case 0x00..<0x20, 0x7F:
                out.append(literal: "\\u00")
                for digit in [byte >> 4, byte & 15] { out.append(digit < 10 ? digit + 0x30 : digit + 0x57) }
            default: out.append(byte)
            }
        }
    }
}
