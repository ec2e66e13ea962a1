internal import GatehouseCore
public import NIOCore

/// A request to another service, with a whole body.
public struct HTTPCall: Sendable {
    /// The method in upper case.
    public var method: String
    /// The address: `http:` or `https:`.
    public var url: String
    /// Fields besides Host and Content-Length; names are lower case.
    public var fields: [(name: String, value: String)]
    /// The body; empty for none.
    public var body: [UInt8]
    /// How long it may take as a whole.
    public var timeout: Duration
    /// A file of certificate authorities; nil: those of the system.
    public var authorities: String?
    /// Longest answer in bytes.
    public var answerLimit: Int

    /// A call.
    public init(
        method: String, url: String, fields: [(name: String, value: String)] = [], body: [UInt8] = [], timeout: Duration,
        authorities: String? = nil, answerLimit: Int = 1 << 20
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.timeout = timeout
        self.authorities = authorities
        self.answerLimit = answerLimit
    }
}

/// The answer to a call, whole.
public struct HTTPReply: Sendable {
    /// The status.
    public var status: Int
    /// The body.
    public var body: [UInt8]

    /// An answer.
    public init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}

/// Calls other services; given by whoever assembles the house, so that guards see nothing of sockets.
public protocol HTTPCaller: Sendable {
    /// Calls, and answers on the loop: it fails where no whole answer comes in time.
    func call(_ call: HTTPCall, on loop: any EventLoop) -> EventLoopFuture<HTTPReply>
}

/// Why a call gave no usable answer.
public struct HTTPCallFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// A clause, lower case.
    public let description: String

    /// A failure.
    public init(_ reason: String) { description = reason }
}
