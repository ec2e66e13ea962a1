internal import CCompression

/// gzip (RFC 1952) and zlib (RFC 1950) by the system's zlib.
///
/// Refuses: bytes after the end, a second gzip member among them (readers differ in whether they go on), and raw deflate without zlib's header.
enum Inflate {
    static func decode(_ bytes: [UInt8], windowBits: Int32, _ limits: ContentCodingLimits) throws(ContentCodingFault) -> [UInt8] {
        var stream = unsafe z_stream()
        guard unsafe inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { throw .malformed }
        defer { unsafe _ = inflateEnd(&stream) }
        var input = bytes
        return try unsafe input.withUnsafeMutableBufferPointer { buffer throws(ContentCodingFault) in
            unsafe stream.next_in = buffer.baseAddress
            unsafe stream.avail_in = UInt32(truncatingIfNeeded: min(buffer.count, Int(UInt32.max)))
            return try unsafe run(&stream, inputCount: buffer.count, limits)
        }
    }

    private static func run(_ stream: inout z_stream, inputCount: Int, _ limits: ContentCodingLimits) throws(ContentCodingFault) -> [UInt8]
    {
        var output: [UInt8] = []
        let chunk = 32 << 10
        while true {
            var status = Z_OK
            let piece = unsafe [UInt8](unsafeUninitializedCapacity: chunk) { space, count in
                unsafe stream.next_out = space.baseAddress
                unsafe stream.avail_out = UInt32(chunk)
                unsafe status = inflate(&stream, Z_NO_FLUSH)
                unsafe count = chunk - Int(stream.avail_out)
            }
            output += piece
            guard limits.allows(output: output.count, input: inputCount) else { throw .tooLarge }
            if status == Z_STREAM_END {
                guard unsafe stream.avail_in == 0 else { throw .malformed }
                return output
            }
            guard status == Z_OK, !piece.isEmpty else { throw .malformed }
        }
    }
}
