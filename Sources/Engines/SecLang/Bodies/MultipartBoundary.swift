/// Reads the boundary out of a `Content-Type` header (RFC 2046 section 5.1.1), strictly: what two readers could see differently is refused.
enum MultipartBoundary {
    /// - Throws: `BodyFailure`
    static func read(_ contentType: Slice, _ flags: inout MultipartFlags) throws(BodyFailure) -> Slice {
        guard contentType.count <= 1024 else { throw failure("length") }
        guard contentType.startsIgnoringCase(with: "multipart/form-data") else {
            throw BodyFailure(reason: "Multipart: Invalid MIME type.")
        }
        guard parameterCount(contentType) <= 1 else { throw BodyFailure(reason: "Multipart: Multiple boundary parameters in C-T.") }
        guard let start = contentType.range(of: word) else {
            throw parameterCount(contentType) > 0
                ? failure("case sensitivity") : BodyFailure(reason: "Multipart: Boundary not found in C-T.")
        }
        try checkBefore(contentType.part(19, start), &flags)
        guard let equals = contentType.firstIndex(of: UInt8(ascii: "="), from: start + 8) else { throw failure("malformed") }
        for index in (start + 8)..<equals {
            guard isSpace(contentType[index]) else { throw failure("parameter name") }
            flags.insert(.boundaryWhitespace)
        }
        return try value(contentType.suffix(from: equals + 1), &flags)
    }

    private static func checkBefore(_ text: Slice, _ flags: inout MultipartFlags) throws(BodyFailure) {
        var seenSemicolon = false
        for index in 0..<text.count where !isSpace(text[index]) {
            guard !seenSemicolon, text[index] == UInt8(ascii: ";") else { throw failure("malformed") }
            seenSemicolon = true
        }
        if !seenSemicolon { flags.insert(.missingSemicolon) }
    }

    private static func value(_ text: Slice, _ flags: inout MultipartFlags) throws(BodyFailure) -> Slice {
        let quote = UInt8(ascii: "\"")
        if !text.isEmpty, isSpace(text[0]) { flags.insert(.boundaryWhitespace) }
        var boundary = text
        if text.count >= 2, text[0] == quote, text[text.count - 1] == quote {
            boundary = text.part(1, text.count - 1)
            flags.insert(.boundaryQuoted)
        } else if !text.isEmpty, text[0] == quote || text[text.count - 1] == quote {
            throw failure("quote")
        }
        guard parameterCount(boundary) == 0 else { throw failure("content") }
        guard hasValidCharacters(boundary) else { throw failure("characters") }
        guard !boundary.isEmpty else { throw failure("empty") }
        return boundary
    }

    private static func hasValidCharacters(_ boundary: Slice) -> Bool {
        for index in 0..<boundary.count {
            let byte = boundary[index]
            let isAllowed = isAlphanumeric(byte) || "'()+_,-./:=?".utf8.contains(byte) || (byte == 32 && index + 1 < boundary.count)
            if !isAllowed { return false }
        }
        return true
    }

    /// How often the word stands there with an equals sign somewhere behind it, in any case.
    private static func parameterCount(_ text: Slice) -> Int {
        var count = 0
        var index = 0
        while index + 8 <= text.count {
            if text.suffix(from: index).startsIgnoringCase(with: "boundary") {
                if text.firstIndex(of: UInt8(ascii: "="), from: index + 8) != nil { count += 1 }
                index += 8
            } else {
                index += 1
            }
        }
        return count
    }

    private static func failure(_ why: String) -> BodyFailure { BodyFailure(reason: "Multipart: Invalid boundary in C-T (\(why)).") }

    private static let word: Slice = {
        let text: StaticString = "boundary"
        return unsafe Slice(base: text.utf8Start, count: text.utf8CodeUnitCount)
    }()
}
