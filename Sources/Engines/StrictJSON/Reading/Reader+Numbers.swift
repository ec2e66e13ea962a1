/// Numbers: checked against the grammar of RFC 8259 §6 and kept as text.
extension Reader {
    /// Reads the number that begins here, and appends its entry.
    @inline(__always)
    mutating func readNumber() throws(JSONError) {
        var index = at
        if byte(index) == UInt8(ascii: "-") { index += 1 }
        let whole = skipDigits(index)
        guard whole > index else { throw noDigit(index) }
        guard byte(index) != UInt8(ascii: "0") || whole == index + 1 else {
            throw failure(.invalidNumber, "a number does not begin with a zero before other digits")
        }
        index = whole
        var flags = JSONEntry.Flags.isPlainInteger
        if byte(index) == UInt8(ascii: ".") || byte(index) | 0x20 == UInt8(ascii: "e") {
            index = try skipFractionAndExponent(index)
            flags = []
        }
        if index - at > 300 || flags.isEmpty { try checkRange(index) }
        guard index - at <= limits.numberLength else {
            throw failure(.numberLengthLimit, "a number has more than \(limits.numberLength) characters")
        }
        append(JSONEntry(kind: .number, flags: flags, offset: at, length: index - at, link: at))
        at = index
    }

    @inline(__always)
    private func skipDigits(_ start: Int) -> Int {
        var index = start
        while byte(index) &- UInt8(ascii: "0") < 10 { index += 1 }
        return index
    }

    private func skipFractionAndExponent(_ start: Int) throws(JSONError) -> Int {
        var index = start
        if byte(index) == UInt8(ascii: ".") {
            let after = skipDigits(index + 1)
            guard after > index + 1 else { throw noDigit(index + 1) }
            index = after
        }
        if byte(index) | 0x20 == UInt8(ascii: "e") {
            index += 1
            if byte(index) == UInt8(ascii: "+") || byte(index) == UInt8(ascii: "-") { index += 1 }
            let after = skipDigits(index)
            guard after > index else { throw noDigit(index) }
            index = after
        }
        return index
    }

    /// Refuses what a double reads as infinity. Cheap unless the number is near that.
    private func checkRange(_ after: Int) throws(JSONError) {
        guard limits.refusesNumbersBeyondDouble, after - at <= limits.numberLength else { return }
        let bytes = unsafe UnsafeBufferPointer(start: UnsafePointer(text + at), count: after - at)
        let decimal = unsafe JSONDecimal(bytes)
        guard decimal.magnitudeExponent >= 308, unsafe !(Double(String(decoding: bytes, as: UTF8.self))?.isFinite ?? false) else { return }
        throw failure(.numberRange, "the number is beyond the range of a double")
    }

    @inline(never)
    private func noDigit(_ index: Int) -> JSONError {
        if index >= end { return failure(.unexpectedEnd, "the text ends inside a number", at: end) }
        if byte(index) == UInt8(ascii: "I") || byte(index) == UInt8(ascii: "N") {
            return failure(.notANumber, "a number has digits; there is no infinity and no `NaN`")
        }
        return failure(.invalidNumber, "a digit is missing in the number", at: index)
    }
}
