/// Writing texts and numbers as ASCII into room that was made before, without strings in between.
extension OutputSpan<UInt8> {
    /// Appends the bytes of a text.
    @inline(__always)
    package mutating func append(text: String) {
        let isDone: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe append(copying: $0) }
        if isDone == nil { append(contentsOf: text.utf8Span.span) }
    }

    /// Appends the bytes of a literal.
    @inline(__always)
    package mutating func append(literal: StaticString) {
        literal.withUTF8Buffer { unsafe append(copying: $0) }
    }

    /// Appends bytes.
    @inline(__always)
    package mutating func append(contentsOf bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(copying: $0) }
    }

    /// Appends a number in decimal digits; at most 20 bytes.
    package mutating func append(decimal number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        let half: UInt64 = 10_000_000_000
        let high = number.magnitude / half
        if high > 0 { append(digits: high, atLeast: 1) }
        append(digits: number.magnitude % half, atLeast: high > 0 ? 10 : 1)
    }

    /// Collects digits from the last to the first and writes them the other way round.
    private mutating func append(digits number: UInt64, atLeast width: Int) {
        var digits: UInt128 = 0
        var count = 0
        var rest = number
        while rest > 0 || count < width {
            digits = digits << 8 | UInt128(rest % 10 | 0x30)
            rest /= 10
            count += 1
        }
        for _ in 0..<count {
            append(UInt8(truncatingIfNeeded: digits))
            digits >>= 8
        }
    }

    /// Appends the 16 lower-case hexadecimal digits of a number.
    @inline(__always)
    package mutating func append(hexadecimal number: UInt64) {
        append(eightDigits: UInt32(truncatingIfNeeded: number >> 32))
        append(eightDigits: UInt32(truncatingIfNeeded: number))
    }

    /// Appends the 32 lower-case hexadecimal digits of a number.
    package mutating func append(hexadecimal number: UInt128) {
        append(hexadecimal: UInt64(truncatingIfNeeded: number >> 64))
        append(hexadecimal: UInt64(truncatingIfNeeded: number))
    }

    /// Spreads the digits over eight bytes and turns all of them into letters at once.
    @inline(__always)
    private mutating func append(eightDigits number: UInt32) {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var word = UInt64(number)
        word = (word | word << 16) & 0x0000_FFFF_0000_FFFF
        word = (word | word << 8) & 0x00FF_00FF_00FF_00FF
        word = (word | word << 4) & 0x0F0F_0F0F_0F0F_0F0F
        let isLetter = (word &+ ones &* 6) >> 4 & ones
        word = word &+ ones &* 0x30 &+ isLetter &* 0x27
        unsafe withUnsafeBytes(of: word.bigEndian) { unsafe append(copying: $0.assumingMemoryBound(to: UInt8.self)) }
    }

    @inline(__always)
    private mutating func append(copying source: UnsafeBufferPointer<UInt8>) {
        precondition(source.count <= freeCapacity)
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            guard let from = source.baseAddress, let start = buffer.baseAddress else { return }
            unsafe (start + count).initialize(from: from, count: source.count)
            count += source.count
        }
    }
}
