internal import HTTPWire
internal import NIOCore

/// The backend's side of one exchange, whatever protocol it speaks.
protocol BackStream: AnyObject {
    /// True when more body can be sent without piling up.
    var isWritable: Bool { get }
    /// Sends the head of a request.
    func send(_ head: RequestHead)
    /// Sends a piece of the body.
    func send(_ body: ByteBuffer)
    /// Ends the request.
    func end(trailers: FieldBlock?)
    /// Hands everything to the socket.
    func flush()
    /// Stops or resumes reading the answer.
    func setReading(_ isReading: Bool)
    /// Gives the exchange up; nothing more is heard of this stream.
    func cancel()
    /// After a 101: raw bytes from now on, both ways.
    func startTunnel()
    /// Sends raw bytes of the tunnel.
    func sendTunnel(_ bytes: ByteBuffer)
    /// The client's side of the tunnel ended.
    func endTunnel()
    /// Gives a used head back, for its memory.
    func recycle(_ head: consuming ResponseHead)
}

/// What hears from a backend's side.
protocol BackReader: AnyObject {
    func backInterim(_ head: ResponseHead)
    func backHead(_ head: ResponseHead)
    func backBody(_ bytes: ByteBuffer)
    func backEnd(_ trailers: FieldBlock?)
    /// All bytes that were here have been handled.
    func backReadComplete()
    func backWritable()
    func backTunnel(_ bytes: ByteBuffer)
    /// The stream broke; `reason` is for the log.
    func backFailed(_ reason: BackFailure)
}

/// Why the backend's side broke.
struct BackFailure: Error {
    enum Kind {
        /// No connection could be made.
        case connect
        /// The connection ended before any byte of an answer.
        case reset
        /// The connection ended in the middle of an answer.
        case truncated
        /// The answer is not acceptable HTTP.
        case malformed
        /// A wait was too long.
        case timeout
        /// Too many connections or waiting requests.
        case overload
        /// No backend is up.
        case unavailable
    }

    var kind: Kind
    var reason: String
}
