#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Finds lines that end in CR LF and nothing else (RFC 9112, section 2.2: a lone LF could be read differently).
struct LineReader: Sendable {
    private var scanned = 0

    /// The next line without its end, `nil` when it is not complete yet.
    ///
    /// - Parameters:
    ///   - position: moved behind the line's end.
    ///   - limit: longest line in bytes, and what `tooLong` stands for.
    /// - Throws: `bareLineEnd` for LF without CR or CR inside the line, `tooLong` beyond the limit.
    mutating func next(
        _ input: Span<UInt8>, _ position: inout Int, limit: Int, tooLong: WireError.Code
    ) throws(WireError) -> Range<Int>? {
        let start = position
        guard let lineFeed = indexOfLineFeed(input, from: start + scanned) else {
            guard input.count - start <= limit else { throw WireError(tooLong, "longer than \(limit) bytes") }
            scanned = input.count - start
            return nil
        }
        scanned = 0
        guard lineFeed - start <= limit + 1 else { throw WireError(tooLong, "longer than \(limit) bytes") }
        guard lineFeed > start, input[lineFeed - 1] == ASCII.carriageReturn else {
            throw WireError(.bareLineEnd, "line feed without carriage return")
        }
        position = lineFeed + 1
        return start..<lineFeed - 1
    }

    @inline(__always)
    private func indexOfLineFeed(_ input: Span<UInt8>, from start: Int) -> Int? {
        guard start < input.count else { return nil }
        return unsafe input.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, let found = unsafe memchr(base + start, 0x0A, buffer.count - start) else {
                return nil
            }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }
}
