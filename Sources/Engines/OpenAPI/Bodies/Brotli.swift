internal import CCompression

/// Brotli (RFC 7932) by the system's decoder. Refuses bytes after the end.
enum Brotli {
    static func decode(_ bytes: [UInt8], _ limits: ContentCodingLimits) throws(ContentCodingFault) -> [UInt8] {
        guard let state = unsafe BrotliDecoderCreateInstance(nil, nil, nil) else { throw .malformed }
        defer { unsafe BrotliDecoderDestroyInstance(state) }
        return try unsafe bytes.withUnsafeBufferPointer { buffer throws(ContentCodingFault) in
            var next = buffer.baseAddress
            var left = buffer.count
            var output: [UInt8] = []
            while true {
                let (result, piece) = unsafe step(state, &next, &left)
                output += piece
                guard limits.allows(output: output.count, input: buffer.count) else { throw .tooLarge }
                if result == BROTLI_DECODER_RESULT_SUCCESS {
                    guard left == 0 else { throw .malformed }
                    return output
                }
                guard result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT else { throw .malformed }
            }
        }
    }

    private static func step(
        _ state: OpaquePointer, _ next: inout UnsafePointer<UInt8>?, _ left: inout Int
    ) -> (result: BrotliDecoderResult, piece: [UInt8]) {
        let chunk = 32 << 10
        var result = BROTLI_DECODER_RESULT_ERROR
        let piece = unsafe [UInt8](unsafeUninitializedCapacity: chunk) { space, count in
            var free = chunk
            var place = space.baseAddress
            unsafe result = BrotliDecoderDecompressStream(state, &left, &next, &free, &place, nil)
            count = chunk - free
        }
        return (result, piece)
    }
}
