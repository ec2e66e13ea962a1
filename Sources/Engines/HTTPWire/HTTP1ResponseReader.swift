/// Reads answers from the bytes of an HTTP/1 connection to a backend (RFC 9112), strictly.
public struct HTTP1ResponseReader: Sendable {
    /// What the bytes read so far amount to.
    public enum Event: Sendable, Equatable {
        /// Nothing more can be read until more bytes come.
        case needsMore
        /// `head` is whole and is an interim answer (100, 102, 103); the final one follows.
        case interim
        /// `head` is whole.
        case head
        /// These bytes of the input are body.
        case body(Range<Int>)
        /// The answer is whole; `trailers` holds its trailer fields.
        case end
    }

    private enum State: Sendable {
        case startLine
        case fields
        case length(Int)
        case chunked
        case untilClose
        case ended
    }

    private var state = State.startLine
    private var lines = LineReader()
    private var fieldReader = FieldSectionReader()
    private var chunks = ChunkedReader()
    private var startLineLength = 0
    private var interimCount = 0
    private var method = HTTPMethod.get

    /// The limits in force; `targetBytes` is not used.
    public var limits: WireLimits
    /// The head of the answer that is being read.
    public var head = ResponseHead()

    /// True when the connection cannot carry another exchange after this answer.
    public private(set) var closesConnection = false

    /// A reader at the start of a connection.
    public init(limits: WireLimits = WireLimits()) { self.limits = limits }

    /// Moves the head out, so that its owner can change it without a copy.
    public mutating func takeHead() -> ResponseHead {
        var taken = ResponseHead()
        swap(&taken, &head)
        return taken
    }

    /// Takes a head back whose memory the next answer can use.
    public mutating func recycle(_ used: consuming ResponseHead) {
        head = consume used
        head.reset()
    }

    /// The trailer fields of the answer, whole after `.end`.
    public var trailers: FieldBlock { chunks.trailers }

    /// Makes ready for the answer to a request of this method.
    public mutating func start(for method: HTTPMethod) {
        self.method = method
        head.fields.reserve(bytes: 2048, lines: 32)
        state = .startLine
        interimCount = 0
        chunks = ChunkedReader()
    }

    /// Reads on; see ``HTTP1RequestReader/next(_:_:)``.
    ///
    /// - Throws: what makes the answer unacceptable. The connection cannot be used again.
    public mutating func next(_ input: Span<UInt8>, _ position: inout Int) throws(WireError) -> Event {
        while true {
            switch state {
            case .startLine:
                guard let line = try lines.next(input, &position, limit: 1024, tooLong: .badStatusLine) else { return .needsMore }
                try parseStatusLine(input.extracting(line))
                state = .fields
            case .fields:
                let whole = try fieldReader.read(
                    input, &position, into: &head.fields, limits: limits, used: startLineLength)
                guard whole else { return .needsMore }
                return try finishHead()
            case .length(let remaining):
                return readBody(input, &position, remaining: remaining)
            case .chunked:
                return try readChunk(input, &position)
            case .untilClose:
                guard position < input.count else { return .needsMore }
                defer { position = input.count }
                return .body(position..<input.count)
            case .ended:
                return .end
            }
        }
    }

    /// Says that the backend closed the connection.
    ///
    /// - Returns: true when that was the proper end of the answer.
    public mutating func close() -> Bool {
        if case .untilClose = state { state = .ended }
        if case .ended = state { return true }
        return false
    }

    private mutating func parseStatusLine(_ line: Span<UInt8>) throws(WireError) {
        head.reset()
        startLineLength = line.count + 2
        guard line.count >= 12, line[8] == ASCII.space, line.count == 12 || line[12] == ASCII.space else {
            throw WireError(.badStatusLine, "no status line of the form HTTP/1.1 200 OK")
        }
        do { head.version = try RequestLine.version(line.extracting(0..<8)) } catch {
            throw WireError(.badStatusLine, error.reason)
        }
        let digits = [line[9], line[10], line[11]]
        guard digits.allSatisfy(ASCII.isDigit) else { throw WireError(.badStatusLine, "status that is no number") }
        head.status = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard (100...599).contains(head.status) else { throw WireError(.badStatusLine, "status \(head.status)") }
    }

    private mutating func finishHead() throws(WireError) -> Event {
        if head.status < 200, head.status != 101 {
            interimCount += 1
            guard interimCount <= 8 else { throw WireError(.badStatusLine, "more than 8 interim answers") }
            state = .startLine
            return .interim
        }
        head.framing = try framing()
        closesConnection = head.framing == .untilClose || ConnectionOptions.wantsClose(head.fields, version: head.version)
        switch head.framing {
        case .none: state = .ended
        case .length(let count): state = count == 0 ? .ended : .length(count)
        case .chunked: state = .chunked
        case .untilClose: state = .untilClose
        }
        return .head
    }

    private func framing() throws(WireError) -> BodyFraming {
        let coded = head.fields.contains(.transferEncoding)
        let measured = head.fields.firstIndex(of: .contentLength)
        if coded, measured != nil { throw WireError(.ambiguousFraming, "both content-length and transfer-encoding") }
        if coded { try FramingRules.checkTransferEncoding(head.fields) }
        let length = try measured.map { index throws(WireError) in try FramingRules.contentLength(head.fields, at: index) }
        if method == .head || head.status == 204 || head.status == 304 || head.status == 101 { return .none }
        if coded { return .chunked }
        return length.map { .length($0) } ?? .untilClose
    }

    private mutating func readBody(_ input: Span<UInt8>, _ position: inout Int, remaining: Int) -> Event {
        let count = min(remaining, input.count - position)
        guard count > 0 else { return .needsMore }
        state = count == remaining ? .ended : .length(remaining - count)
        defer { position += count }
        return .body(position..<position + count)
    }

    private mutating func readChunk(_ input: Span<UInt8>, _ position: inout Int) throws(WireError) -> Event {
        switch try chunks.next(input, &position, limits: limits) {
        case .needsMore: return .needsMore
        case .data(let range): return .body(range)
        case .end:
            state = .ended
            return .end
        }
    }
}
