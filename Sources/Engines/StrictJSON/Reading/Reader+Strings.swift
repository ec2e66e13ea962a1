/// Strings: eight bytes a step until something is special.
extension Reader {
    private static let high: UInt64 = 0x8080_8080_8080_8080
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// Reads the string whose opening quote is next, and appends its entry.
    @inline(__always)
    mutating func readString() throws(JSONError) {
        let start = at + 1
        var index = start
        var flags = JSONEntry.Flags.isASCII
        while true {
            let special = specialBits(index)
            if special == 0 {
                index += 8
                continue
            }
            index += special.trailingZeroBitCount >> 3
            let next = byte(index)
            if next == UInt8(ascii: "\"") { break }
            if next == UInt8(ascii: "\\") { return try readEscapedString(from: start, firstEscape: index, flags) }
            guard next >= 0x80 else { throw badControl(index) }
            index = try endOfCharacter(index)
            flags = []
        }
        guard index - start <= limits.stringLength else { throw tooLong() }
        append(JSONEntry(kind: .string, flags: flags, offset: at, length: index - start, link: start))
        at = index + 1
    }

    /// The high bit of each of the next eight bytes that is a quote, a backslash, a control or not ASCII.
    ///
    /// A borrow can mark a byte after the first one wrongly, so only the lowest mark counts.
    @inline(__always)
    private func specialBits(_ index: Int) -> UInt64 {
        let word = unsafe UnsafeRawPointer(text).loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
        let quote = word ^ (Self.ones &* 0x22)
        let slash = word ^ (Self.ones &* 0x5C)
        let hits = ((quote &- Self.ones) & ~quote) | ((slash &- Self.ones) & ~slash) | ((word &- (Self.ones &* 0x20)) & ~word) | word
        return hits & Self.high
    }

    /// Checks one UTF-8 sequence of two to four bytes (RFC 3629 §4) and returns the index after it.
    @inline(__always)
    private func endOfCharacter(_ index: Int) throws(JSONError) -> Int {
        let (first, second) = (byte(index), byte(index + 1))
        switch first {
        case 0xC2...0xDF where isContinuation(second):
            return index + 2
        case 0xE0...0xEF where isContinuation(second) && isContinuation(byte(index + 2)):
            let overlong = first == 0xE0 && second < 0xA0
            let surrogate = first == 0xED && second >= 0xA0
            if !overlong && !surrogate { return index + 3 }
        case 0xF0...0xF4 where isContinuation(second) && isContinuation(byte(index + 2)) && isContinuation(byte(index + 3)):
            let overlong = first == 0xF0 && second < 0x90
            let beyond = first == 0xF4 && second >= 0x90
            if !overlong && !beyond { return index + 4 }
        default: break
        }
        throw failure(.invalidUTF8, "the string is not UTF-8", at: index)
    }

    @inline(__always)
    private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    // MARK: Escapes

    /// Reads on from the first escape, writing the decoded bytes behind the source.
    @inline(never)
    private mutating func readEscapedString(from start: Int, firstEscape: Int, _ flags: JSONEntry.Flags) throws(JSONError) {
        let target = decodedEnd
        var flags = flags
        copy(start, firstEscape)
        var index = firstEscape
        while true {
            let next = byte(index)
            if next == UInt8(ascii: "\"") { break }
            if next == UInt8(ascii: "\\") {
                index = try readEscape(index, &flags)
            } else if next >= 0x80 {
                let after = try endOfCharacter(index)
                copy(index, after)
                index = after
                flags = []
            } else if next < 0x20 {
                throw badControl(index)
            } else {
                put(next)
                index += 1
            }
        }
        guard decodedEnd - target <= limits.stringLength else { throw tooLong() }
        append(JSONEntry(kind: .string, flags: flags, offset: at, length: decodedEnd - target, link: target))
        at = index + 1
    }

    /// Decodes the escape at `index` and returns the index after it.
    private mutating func readEscape(_ index: Int, _ flags: inout JSONEntry.Flags) throws(JSONError) -> Int {
        switch byte(index + 1) {
        case UInt8(ascii: "\""): put(0x22)
        case UInt8(ascii: "\\"): put(0x5C)
        case UInt8(ascii: "/"): put(0x2F)
        case UInt8(ascii: "b"): put(0x08)
        case UInt8(ascii: "f"): put(0x0C)
        case UInt8(ascii: "n"): put(0x0A)
        case UInt8(ascii: "r"): put(0x0D)
        case UInt8(ascii: "t"): put(0x09)
        case UInt8(ascii: "u"): return try readUnicodeEscape(index, &flags)
        default:
            if index + 1 >= end { throw failure(.unexpectedEnd, "the text ends inside a string", at: end) }
            throw failure(.invalidEscape, "the escape after `\\` is not one of JSON's", at: index)
        }
        return index + 2
    }

    /// Decodes `\uXXXX` or a pair of them.
    private mutating func readUnicodeEscape(_ index: Int, _ flags: inout JSONEntry.Flags) throws(JSONError) -> Int {
        var code = try hexadecimal(index)
        var after = index + 6
        if code & 0xFC00 == 0xD800, byte(after) == UInt8(ascii: "\\"), byte(after + 1) == UInt8(ascii: "u") {
            let low = try hexadecimal(after)
            if low & 0xFC00 == 0xDC00 {
                code = 0x10000 + ((code & 0x3FF) << 10 | (low & 0x3FF))
                after += 6
            }
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw failure(.loneSurrogate, "`\\u\(String(code, radix: 16, uppercase: true))` is half of a surrogate pair", at: index)
        }
        if code >= 0x80 { flags = [] }
        for unit in UTF8.encode(scalar) ?? .init() { put(unit) }
        return after
    }

    /// The four digits after the `\u` at `index`.
    private func hexadecimal(_ index: Int) throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for offset in 2..<6 {
            guard index + offset < end else { throw failure(.unexpectedEnd, "the text ends inside a string", at: end) }
            guard let digit = hexadecimalDigit(byte(index + offset)) else {
                throw failure(.invalidEscape, "`\\u` needs four hexadecimal digits", at: index)
            }
            code = code << 4 | UInt32(digit)
        }
        return code
    }

    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        unsafe text[decodedEnd] = byte
        decodedEnd += 1
    }

    private mutating func copy(_ from: Int, _ upTo: Int) {
        unsafe (text + decodedEnd).update(from: text + from, count: upTo - from)
        decodedEnd += upTo - from
    }

    @inline(never)
    private func badControl(_ index: Int) -> JSONError {
        guard index < end else { return failure(.unexpectedEnd, "the text ends inside a string", at: end) }
        return failure(.controlCharacter, "a control character in a string must be escaped", at: index)
    }

    private func tooLong() -> JSONError {
        failure(.stringLengthLimit, "a string has more than \(limits.stringLength) bytes")
    }
}

/// The value of a hexadecimal digit.
func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
