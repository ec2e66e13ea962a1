/// What the reader says when it refuses. None of this is on the path of a text that is accepted.
extension Reader {
    @inline(never)
    func failure(_ code: JSONError.Code, _ reason: String, at offset: Int? = nil) -> JSONError {
        let source = unsafe UnsafeBufferPointer(start: UnsafePointer(text), count: end)
        return unsafe JSONError(code: code, reason: reason, position: JSONPosition(offset: min(offset ?? at, end), in: source))
    }

    /// A byte that fits nothing here: finds the most telling name for it.
    @inline(never)
    func unexpected(_ wanted: String) -> JSONError {
        guard at < end else { return failure(.unexpectedEnd, "the text ends where more was expected: \(wanted)") }
        switch byte(at) {
        case UInt8(ascii: "N"), UInt8(ascii: "I"), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): return badWord()
        case UInt8(ascii: "/") where [UInt8(ascii: "/"), UInt8(ascii: "*")].contains(byte(at + 1)):
            return failure(.comment, "comments are not part of JSON")
        case UInt8(ascii: "+"), UInt8(ascii: "."):
            return failure(.invalidNumber, "a number begins with a digit or `-`")
        case 0xEF where byte(at + 1) == 0xBB: return failure(.byteOrderMark, "a byte order mark is not allowed")
        default: return failure(.unexpectedByte, "\(wanted), found \(shown(byte(at)))")
        }
    }

    /// A bare word that is no literal.
    @inline(never)
    func badWord() -> JSONError {
        var word = ""
        var index = at
        while index < end, word.count < 16, isLetter(byte(index)) {
            word.unicodeScalars.append(Unicode.Scalar(byte(index)))
            index += 1
        }
        if word == "NaN" || word == "Infinity" { return failure(.notANumber, "`\(word)` is not a JSON number") }
        if index == end, ["true", "false", "null"].contains(where: { $0.hasPrefix(word) && $0 != word }) {
            return failure(.unexpectedEnd, "the text ends inside a literal")
        }
        if word.isEmpty { return failure(.unexpectedByte, "unexpected \(shown(byte(at)))") }
        return failure(.unexpectedByte, "`\(word)` is not `true`, `false` or `null`")
    }

    func trailing() -> JSONError {
        let first = byte(at)
        if first == UInt8(ascii: "/") { return unexpected("expected the end") }
        return failure(.trailingBytes, "\(shown(first)) follows the value")
    }

    /// Refuses the marks of UTF-8, UTF-16 and UTF-32 at the start (RFC 8259 §8.1).
    func refuseMark() throws(JSONError) {
        let start = (byte(0), byte(1))
        let utf8Mark = start == (0xEF, 0xBB) && byte(2) == 0xBF
        let utf32Mark = start == (0, 0) && (byte(2), byte(3)) == (0xFE, 0xFF)
        guard end > 0, utf8Mark || utf32Mark || start == (0xFE, 0xFF) || start == (0xFF, 0xFE) else { return }
        throw failure(.byteOrderMark, "a byte order mark is not allowed")
    }

    /// A stranger's text with its control characters escaped, so that it cannot begin a line of its own in a log.
    func printable(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            let isControl = scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}"
            return isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }.joined()
    }

    private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z") }

    private func shown(_ byte: UInt8) -> String {
        if byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "`") { return "`\(Unicode.Scalar(byte))`" }
        let digits = String(byte, radix: 16, uppercase: true)
        return "byte 0x" + (digits.count == 1 ? "0" : "") + digits
    }
}
