/// Reads `form-data; name="…"; filename="…"` (RFC 7578 section 4.2) and nothing else.
struct ContentDisposition {
    private let text: Slice
    private let arena: Arena
    private var position = 0
    private(set) var name: Slice?
    private(set) var fileName: Slice?
    /// A single quote was used, or stands in an unquoted value.
    private(set) var hasInvalidQuoting = false

    init(text: Slice, arena: Arena) {
        self.text = text
        self.arena = arena
    }

    /// The number of what is wrong, as the reference engine counts; nil where nothing is.
    mutating func read() -> Int? {
        guard text.part(0, 9).equals(arena.copy("form-data")) else { return -1 }
        position = 9
        skipBlank()
        guard let first = current else { return nil }
        guard first == UInt8(ascii: ";") else { return -2 }
        position += 1
        while current != nil {
            if let code = parameter() { return code }
        }
        return nil
    }

    private var current: UInt8? { position < text.count ? text[position] : nil }

    private mutating func skipBlank() {
        while let byte = current, byte == 9 || byte == 32 { position += 1 }
    }

    private mutating func parameter() -> Int? {
        skipBlank()
        guard current != nil else { return -3 }
        let start = position
        while let byte = current, byte != UInt8(ascii: "="), byte != 9, byte != 32 { position += 1 }
        guard current != nil else { return -4 }
        let key = text.part(start, position)
        skipBlank()
        guard let sign = current else { return -5 }
        guard sign == UInt8(ascii: "=") else { return -13 }
        position += 1
        skipBlank()
        guard let opening = current else { return -6 }
        let isQuoted = opening == 34 || opening == 39
        var value = Slice.empty
        if isQuoted {
            if let code = quoted(opening, &value) { return code }
        } else {
            let start = position
            while let byte = current, ContentDisposition.isToken(byte) { position += 1 }
            value = text.part(start, position)
        }
        if opening != 34, value.firstIndex(of: 39) != nil { hasInvalidQuoting = true }
        if let code = keep(key, value) { return code }
        return separator()
    }

    private mutating func quoted(_ quote: UInt8, _ value: inout Slice) -> Int? {
        if quote == 39 { hasInvalidQuoting = true }
        position += 1
        guard current != nil else { return -7 }
        var code: Int?
        let rest = text.count - position
        value = arena.write(capacity: rest) { output in
            while let byte = current, byte != quote {
                if byte == 92 {
                    guard position + 1 < text.count else {
                        code = -8
                        return
                    }
                    if text[position + 1] == quote || text[position + 1] == 92 { position += 1 }
                }
                output.append(text[position])
                position += 1
            }
        }
        if let code { return code }
        guard current != nil else { return -10 }
        position += 1
        return nil
    }

    private mutating func keep(_ key: Slice, _ value: Slice) -> Int? {
        if key.equals(arena.copy("name")) {
            guard name == nil else { return -14 }
            name = value
        } else if key.equals(arena.copy("filename")) {
            guard fileName == nil else { return -15 }
            fileName = value
        } else {
            return -11
        }
        return nil
    }

    private mutating func separator() -> Int? {
        guard current != nil else { return nil }
        skipBlank()
        guard let byte = current else { return nil }
        guard byte == UInt8(ascii: ";") else {
            if position > 0, text[position - 1] == 34 || text[position - 1] == 39 { hasInvalidQuoting = true }
            return -12
        }
        position += 1
        return nil
    }

    /// RFC 2045's token characters.
    private static func isToken(_ byte: UInt8) -> Bool {
        byte > 32 && byte < 127 && !"()<>@,;:\\\"/[]?=".utf8.contains(byte)
    }
}
