/// The bytes of field lines, looked at eight at a time.
enum FieldBytes {
    /// The first byte that no field name has (RFC 9110, section 5.1).
    static func firstOutsideOfTokens(_ name: Span<UInt8>) -> UInt8? {
        for index in 0..<name.count {
            let byte = name[index]
            if byte &- 0x61 < 26 || byte == UInt8(ascii: "-") { continue }
            guard ASCII.isToken(byte) else { return byte }
        }
        return nil
    }

    /// The first byte that no field value has (RFC 9110, section 5.5).
    static func firstOutsideOfValues(_ value: Span<UInt8>) -> UInt8? {
        let bytes = unsafe value.bytes
        var index = 0
        while index + 8 <= value.count {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            if hasControl(word) { break }
            index += 8
        }
        for rest in index..<value.count where !ASCII.isFieldValue(value[rest]) { return value[rest] }
        return nil
    }

    /// True when one of eight bytes is below a blank or is DEL; a tab counts too, and is left to a closer look.
    @inline(__always)
    private static func hasControl(_ word: UInt64) -> Bool {
        let low = (word &- 0x2020_2020_2020_2020) & ~word
        let other = word ^ 0x7F7F_7F7F_7F7F_7F7F
        let deleted = (other &- 0x0101_0101_0101_0101) & ~other
        return (low | deleted) & 0x8080_8080_8080_8080 != 0
    }
}

extension OutputSpan<UInt8> {
    /// Appends bytes.
    @inline(__always)
    mutating func append(contentsOf bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(copying: $0) }
    }

    /// Appends bytes, letters in lower case.
    @inline(__always)
    mutating func append(lowercased bytes: Span<UInt8>) {
        for index in 0..<bytes.count { append(ASCII.lowercased(bytes[index])) }
    }

    /// Appends the bytes of a text.
    @inline(__always)
    mutating func append(text: String) {
        let isDone: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe append(copying: $0) }
        if isDone == nil { append(contentsOf: text.utf8Span.span) }
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

extension Span<UInt8> {
    /// True when both are the same bytes.
    func elementsEqual(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }
}
