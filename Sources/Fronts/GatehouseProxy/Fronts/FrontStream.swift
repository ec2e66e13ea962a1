internal import HTTPWire
internal import NIOCore

/// The client's side of one exchange, whatever protocol it speaks.
protocol FrontStream: AnyObject {
    /// True when more can be sent without piling up.
    var isWritable: Bool { get }
    /// Sends an interim answer such as 100 or 103.
    func sendInterim(_ head: ResponseHead)
    /// Sends the head of the answer.
    func send(_ head: ResponseHead, _ body: OutgoingBody)
    /// Sends a piece of the body.
    func send(_ body: ByteBuffer)
    /// Ends the answer.
    func end(trailers: FieldBlock?)
    /// Hands everything to the socket.
    func flush()
    /// Breaks the answer off so that the client sees it is not whole.
    func cut()
    /// Stops or resumes reading the request's body.
    func setReading(_ isReading: Bool)
    /// The connection ends after this answer.
    func closeAfterAnswer()
    /// Raw bytes from now on, both ways; HTTP/1.1 only.
    func startTunnel()
    /// Sends raw bytes of the tunnel.
    func sendTunnel(_ bytes: ByteBuffer)
    /// The backend's side of the tunnel ended.
    func endTunnel()
    /// The exchange is over and its head's memory can be used again.
    func exchangeEnded(_ request: consuming RequestHead)
}

/// How an answer's body goes out.
enum OutgoingBody: Equatable {
    /// There is none: HEAD, 204, 304, or an interim answer.
    case none
    /// So many bytes.
    case length(Int)
    /// Until it ends.
    case stream
}
