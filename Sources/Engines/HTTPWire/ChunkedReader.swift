/// Takes the chunked transfer coding apart (RFC 9112, section 7.1).
///
/// Sizes are 1 to 15 hexadecimal digits without sign or prefix; extensions are read over, 256 bytes at most, and never
/// passed on; every line ends in CR LF.
struct ChunkedReader: Sendable {
    enum Step: Sendable {
        case needsMore
        case data(Range<Int>)
        case end
    }

    private enum State: Sendable {
        case size
        case data(Int)
        case dataEnd
        case trailers
    }

    private var state = State.size
    private var lines = LineReader()
    private var trailerReader = FieldSectionReader()

    /// The trailer fields, whole after `.end`.
    var trailers = FieldBlock()

    mutating func next(_ input: Span<UInt8>, _ position: inout Int, limits: WireLimits) throws(WireError) -> Step {
        while true {
            switch state {
            case .size:
                guard let line = try lines.next(input, &position, limit: 272, tooLong: .badChunk) else { return .needsMore }
                let size = try Self.size(input.extracting(line))
                state = size == 0 ? .trailers : .data(size)
            case .data(let remaining):
                let count = min(remaining, input.count - position)
                guard count > 0 else { return .needsMore }
                defer { position += count }
                state = count == remaining ? .dataEnd : .data(remaining - count)
                return .data(position..<position + count)
            case .dataEnd:
                guard try skipLineEnd(input, &position) else { return .needsMore }
                state = .size
            case .trailers:
                guard try trailerReader.read(input, &position, into: &trailers, limits: limits, used: 0) else {
                    return .needsMore
                }
                try Self.check(trailers)
                return .end
            }
        }
    }

    private func skipLineEnd(_ input: Span<UInt8>, _ position: inout Int) throws(WireError) -> Bool {
        let present = input.count - position
        if present > 0, input[position] != ASCII.carriageReturn { throw WireError(.badChunk, "data longer than its size") }
        guard present > 1 else { return false }
        guard input[position + 1] == ASCII.lineFeed else { throw WireError(.badChunk, "data longer than its size") }
        position += 2
        return true
    }

    private static func size(_ line: Span<UInt8>) throws(WireError) -> Int {
        var size = 0
        var index = 0
        while index < line.count, let digit = ASCII.hexValue(line[index]) {
            guard index < 15 else { throw WireError(.badChunk, "size of more than 15 digits") }
            size = size << 4 | Int(digit)
            index += 1
        }
        guard index > 0 else { throw WireError(.badChunk, "size without digits") }
        guard index == line.count || line[index] == ASCII.semicolon else {
            throw WireError(.badChunk, "byte \(line[index]) after the size")
        }
        for rest in index..<line.count where !ASCII.isFieldValue(line[rest]) {
            throw WireError(.badChunk, "byte \(line[rest]) in an extension")
        }
        return size
    }

    /// Refuses trailers that could change framing, routing or identity (RFC 9110, section 6.5.1).
    static func check(_ trailers: FieldBlock) throws(WireError) {
        for index in 0..<trailers.count {
            switch trailers.known(at: index) {
            case .contentLength, .transferEncoding, .host, .authorization, .cookie, .setCookie, .connection, .trailer,
                .contentEncoding, .contentType, .range, .te, .expect, .upgrade, .forwarded, .xForwardedFor, .xForwardedHost,
                .xForwardedProto, .gatehouseIdentity:
                throw WireError(.badTrailer, "`\(trailers.name(at: index))` in a trailer section")
            default: continue
            }
        }
    }
}
