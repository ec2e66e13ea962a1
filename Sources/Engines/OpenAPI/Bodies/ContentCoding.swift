/// The content codings that are undone before a body is judged (RFC 9110, section 8.4.1).
enum ContentCoding: String, Sendable {
    case identity, gzip, deflate
    case brotli = "br"

    /// Reads the lines of `Content-Encoding`, in the order the codings were applied; nil where one is not known or there are more than two.
    static func codings(_ lines: [String]) -> [ContentCoding]? {
        var result: [ContentCoding] = []
        for line in lines {
            for piece in line.utf8.split(separator: UInt8(ascii: ",")) {
                let name = ASCII.lowercased(ASCII.trimmed(piece))
                guard let coding = ContentCoding(rawValue: name == "x-gzip" ? "gzip" : name) else { return nil }
                if coding != .identity { result.append(coding) }
            }
        }
        return result.count <= 2 ? result : nil
    }
}

/// Why a coded body was not opened.
enum ContentCodingFault: Error, Hashable {
    /// The bytes are not what the coding says, end early or go on after the end.
    case malformed
    /// More output than the limit on size or on growth allows.
    case tooLarge
}

/// What opening a body may cost.
struct ContentCodingLimits: Sendable {
    /// Bytes of output.
    var outputBytes: Int
    /// Bytes of output for each byte of input, once the output exceeds 64 KiB.
    var ratio: Int

    func allows(output: Int, input: Int) -> Bool {
        output <= outputBytes && (output <= 64 << 10 || output / max(input, 1) <= ratio)
    }
}

extension ContentCoding {
    /// Undoes codings, the last applied first.
    static func decode(_ bytes: [UInt8], _ codings: [ContentCoding], limits: ContentCodingLimits) throws(ContentCodingFault) -> [UInt8] {
        var result = bytes
        for coding in codings.reversed() { result = try coding.decode(result, limits) }
        return result
    }

    private func decode(_ bytes: [UInt8], _ limits: ContentCodingLimits) throws(ContentCodingFault) -> [UInt8] {
        switch self {
        case .identity: bytes
        case .gzip: try Inflate.decode(bytes, windowBits: 15 + 16, limits)
        case .deflate: try Inflate.decode(bytes, windowBits: 15, limits)
        case .brotli: try Brotli.decode(bytes, limits)
        }
    }
}
