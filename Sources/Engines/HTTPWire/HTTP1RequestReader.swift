/// Reads requests from the bytes of an HTTP/1 connection (RFC 9112), one after the other.
///
/// Refuses: everything two parsers could read differently, such as both Content-Length and Transfer-Encoding, repeated or
/// odd lengths, codings other than a single `chunked`, lone LF or CR, folded lines, blanks before a colon, two Hosts, a Host
/// that differs from the target's.
public struct HTTP1RequestReader: Sendable {
    /// What the bytes read so far amount to.
    public enum Event: Sendable, Equatable {
        /// Nothing more can be read until more bytes come.
        case needsMore
        /// `head` is whole.
        case head
        /// These bytes of the input are body.
        case body(Range<Int>)
        /// The request is whole; `trailers` holds its trailer fields.
        case end
    }

    private enum State: Sendable {
        case startLine
        case fields
        case length(Int)
        case chunked
        case ended
    }

    private var state = State.startLine
    private var lines = LineReader()
    private var fieldReader = FieldSectionReader()
    private var chunks = ChunkedReader()
    private var startLineLength = 0
    private var blankLines = 0
    /// The last request's host, which the next ones of a connection seldom change.
    private var knownHost = ""

    /// The limits in force; may be changed when `.head` was returned.
    public var limits: WireLimits
    /// The head of the request that is being read.
    public var head = RequestHead()
    /// Body bytes of the request read so far.
    public private(set) var bodyBytes = 0

    /// A reader at the start of a connection.
    public init(limits: WireLimits = WireLimits()) { self.limits = limits }

    /// Moves the head out, so that its owner can change it without a copy.
    public mutating func takeHead() -> RequestHead {
        var taken = RequestHead()
        swap(&taken, &head)
        return taken
    }

    /// Takes a head back whose memory the next request can use.
    public mutating func recycle(_ used: consuming RequestHead) {
        head = consume used
        head.reset()
    }

    /// The trailer fields of the request, whole after `.end`.
    public var trailers: FieldBlock { chunks.trailers }

    /// True between two requests, with no byte of the next one read.
    public var isIdle: Bool {
        if case .startLine = state { return true }
        return false
    }

    /// Makes ready for the next request, after `.end`.
    public mutating func startNext() {
        state = .startLine
        head.reset()
        bodyBytes = 0
        blankLines = 0
        chunks = ChunkedReader()
    }

    /// Reads on.
    ///
    /// - Parameters:
    ///   - input: the bytes of the connection that are here.
    ///   - position: index of the first byte that was not read yet; moved on.
    /// - Throws: what makes the request unacceptable. Nothing after it can be trusted: answer and close.
    public mutating func next(_ input: Span<UInt8>, _ position: inout Int) throws(WireError) -> Event {
        while true {
            switch state {
            case .startLine:
                guard try readStartLine(input, &position) else { return .needsMore }
            case .fields:
                let start = position
                let whole = try fieldReader.read(
                    input, &position, into: &head.fields, limits: limits, used: startLineLength)
                keep(input, start..<position)
                guard whole else { return .needsMore }
                try finishHead()
                return .head
            case .length(let remaining):
                return try readBody(input, &position, remaining: remaining)
            case .chunked:
                return try readChunk(input, &position)
            case .ended:
                return .end
            }
        }
    }

    private mutating func readStartLine(_ input: Span<UInt8>, _ position: inout Int) throws(WireError) -> Bool {
        let longest = limits.targetBytes + 64
        guard let line = try lines.next(input, &position, limit: longest, tooLong: .targetTooLong) else { return false }
        if line.isEmpty {
            blankLines += 1
            guard blankLines < 2 else { throw WireError(.badRequestLine, "more than one empty line before a request") }
            return true
        }
        startLineLength = line.count + 2
        keep(input, line.lowerBound..<position)
        try RequestLine.parse(input.extracting(line), into: &head, targetLimit: limits.targetBytes)
        state = .fields
        return true
    }

    private mutating func keep(_ input: Span<UInt8>, _ range: Range<Int>) {
        guard limits.keepsWire else { return }
        unsafe input.extracting(range).withUnsafeBufferPointer { unsafe head.wire.append(contentsOf: $0) }
    }

    private mutating func finishHead() throws(WireError) {
        head.framing = try RequestRules.framing(of: &head, limits)
        try RequestRules.check(&head, &knownHost)
        switch head.framing {
        case .length(let count):
            try checkBody(count)
            state = count == 0 ? .ended : .length(count)
        case .chunked: state = .chunked
        default: state = .ended
        }
    }

    private mutating func readBody(
        _ input: Span<UInt8>, _ position: inout Int, remaining: Int
    ) throws(WireError) -> Event {
        try checkBody(bodyBytes + remaining)
        let count = min(remaining, input.count - position)
        guard count > 0 else { return .needsMore }
        bodyBytes += count
        state = count == remaining ? .ended : .length(remaining - count)
        defer { position += count }
        return .body(position..<position + count)
    }

    private mutating func readChunk(_ input: Span<UInt8>, _ position: inout Int) throws(WireError) -> Event {
        switch try chunks.next(input, &position, limits: limits) {
        case .needsMore: return .needsMore
        case .data(let range):
            bodyBytes += range.count
            try checkBody(bodyBytes)
            return .body(range)
        case .end:
            state = .ended
            return .end
        }
    }

    private func checkBody(_ count: Int) throws(WireError) {
        guard let most = limits.bodyBytes, count > most else { return }
        throw WireError(.bodyTooLong, "body of more than \(most) bytes")
    }
}
