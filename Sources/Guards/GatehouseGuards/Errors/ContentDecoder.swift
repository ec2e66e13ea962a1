internal import CCompression

/// Undoes content codings of a whole body, as far as a limit: gzip, deflate (with or without its frame) and brotli.
///
/// Limits: three codings, and so many bytes of output, whatever the input promises.
package struct ContentDecoder {
    /// What came out.
    package enum Outcome {
        /// All of it.
        case whole([UInt8])
        /// The beginning: the limit was reached, or the rest is missing or broken.
        case beginning([UInt8])
        /// A coding that we do not know.
        case unknown
    }

    private let limit: Int

    /// A decoder.
    ///
    /// - Parameter limit: most bytes of output.
    package init(limit: Int) { self.limit = limit }

    /// Decodes a body by the values of its Content-Encoding.
    package func decode(_ body: [UInt8], codings values: [String]) -> Outcome {
        let codings = values.flatMap { $0.split(separator: ",") }.map { trimmedText(String($0)).lowercased() }
            .filter { $0 != "identity" && !$0.isEmpty }
        guard codings.count <= 3 else { return .unknown }
        var bytes = body
        var isWhole = true
        for coding in codings.reversed() {
            let (result, ended): ([UInt8], Bool)
            switch coding {
            case "gzip", "x-gzip": (result, ended) = inflate(bytes, windowBits: 15 + 16)
            case "deflate":
                let framed = inflate(bytes, windowBits: 15)
                (result, ended) = framed.0.isEmpty ? inflate(bytes, windowBits: -15) : framed
            case "br": (result, ended) = unbrotli(bytes)
            default: return .unknown
            }
            bytes = result
            isWhole = isWhole && ended
        }
        return isWhole ? .whole(bytes) : .beginning(bytes)
    }

    private func inflate(_ input: [UInt8], windowBits: Int32) -> ([UInt8], Bool) {
        var stream = unsafe z_stream()
        guard unsafe inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return ([], false)
        }
        defer { unsafe inflateEnd(&stream) }
        var input = input
        var output: [UInt8] = []
        var status = Z_OK
        unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe stream.next_in = source.baseAddress
            unsafe stream.avail_in = UInt32(source.count)
            var window = [UInt8](repeating: 0, count: 16_384)
            while status == Z_OK, output.count < limit {
                let produced = unsafe window.withUnsafeMutableBufferPointer { target -> Int in
                    unsafe stream.next_out = target.baseAddress
                    unsafe stream.avail_out = UInt32(target.count)
                    status = unsafe CCompression.inflate(&stream, Z_NO_FLUSH)
                    return unsafe target.count - Int(stream.avail_out)
                }
                output.append(contentsOf: window.prefix(produced))
                if status == Z_STREAM_END, windowBits > 16, unsafe stream.avail_in > 0 {
                    status = unsafe inflateReset(&stream)
                } else if produced == 0, unsafe stream.avail_in == 0 {
                    break
                }
            }
        }
        return (output, status == Z_STREAM_END)
    }

    private func unbrotli(_ input: [UInt8]) -> ([UInt8], Bool) {
        guard let state = unsafe BrotliDecoderCreateInstance(nil, nil, nil) else { return ([], false) }
        defer { unsafe BrotliDecoderDestroyInstance(state) }
        var output: [UInt8] = []
        var result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT
        unsafe input.withUnsafeBufferPointer { source in
            var available = source.count
            var next = source.baseAddress
            var window = [UInt8](repeating: 0, count: 16_384)
            while result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT, output.count < limit {
                let produced = unsafe window.withUnsafeMutableBufferPointer { target -> Int in
                    var room = target.count
                    var place = target.baseAddress
                    result = unsafe BrotliDecoderDecompressStream(state, &available, &next, &room, &place, nil)
                    return target.count - room
                }
                output.append(contentsOf: window.prefix(produced))
            }
        }
        return (output, result == BROTLI_DECODER_RESULT_SUCCESS)
    }
}
