public import GatehouseCore
public import NIOCore

/// One practice, applied to every exchange of the routes on which it is not off.
///
/// A guard is a shared, immutable value or keeps its state behind its own lock; what belongs to one exchange it keeps in
/// `exchange[guard: slot]`. Its functions run on the event loop and must not block; one that has to wait answers `.wait`.
/// The same guards serve the proxy, the Hummingbird middleware and the labs, so they see nothing of sockets.
public protocol Guard: Sendable {
    /// The name in the configuration and in events, `snake_case`.
    var name: String { get }
    /// The phases in which it wants to be asked; the others cost nothing.
    var phases: GuardPhases { get }

    /// Judges a request's head, before any of its body is read.
    func requestHead(_ exchange: Exchange) -> Verdict
    /// Judges a request with its body in ``Exchange/requestBody``, if a guard asked for it by
    /// ``Exchange/needsRequestBody(_:)``; may change it.
    func requestBody(_ exchange: Exchange) -> Verdict
    /// Judges the head of the answer, before any of it is sent.
    func responseHead(_ exchange: Exchange) -> Verdict
    /// Judges the whole body of the answer, if the guard asked for it by ``Exchange/needsResponseBody(upTo:)``; may change
    /// ``Exchange/responseBody``.
    func responseBody(_ exchange: Exchange) -> Verdict
    /// Changes the head of whatever is about to be sent: answers of backends, our own errors, redirects, upgrades.
    /// Cannot refuse.
    func finalHead(_ exchange: Exchange)
    /// Sees the exchange at its very end.
    func end(_ exchange: Exchange)
    /// Sees the bytes of a request that is no acceptable HTTP and is refused whatever the guard makes of it; for the record.
    func refusedBytes(_ exchange: Exchange, _ bytes: ByteBuffer)
}

/// A set of phases.
public struct GuardPhases: OptionSet, Sendable {
    /// The bits.
    public let rawValue: UInt8
    /// A set of these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// ``Guard/requestHead(_:)``
    public static let requestHead = GuardPhases(rawValue: 1)
    /// ``Guard/requestBody(_:)``
    public static let requestBody = GuardPhases(rawValue: 2)
    /// ``Guard/responseHead(_:)``
    public static let responseHead = GuardPhases(rawValue: 4)
    /// ``Guard/responseBody(_:)``
    public static let responseBody = GuardPhases(rawValue: 8)
    /// ``Guard/finalHead(_:)``
    public static let finalHead = GuardPhases(rawValue: 16)
    /// ``Guard/end(_:)``
    public static let end = GuardPhases(rawValue: 32)
    /// ``Guard/refusedBytes(_:_:)``
    public static let refusedBytes = GuardPhases(rawValue: 64)
}

extension Guard {
    /// Passes.
    public func requestHead(_ exchange: Exchange) -> Verdict { .pass }
    /// Passes.
    public func requestBody(_ exchange: Exchange) -> Verdict { .pass }
    /// Passes.
    public func responseHead(_ exchange: Exchange) -> Verdict { .pass }
    /// Passes.
    public func responseBody(_ exchange: Exchange) -> Verdict { .pass }
    /// Changes nothing.
    public func finalHead(_ exchange: Exchange) {}
    /// Does nothing.
    public func end(_ exchange: Exchange) {}
    /// Does nothing.
    public func refusedBytes(_ exchange: Exchange, _ bytes: ByteBuffer) {}
}

/// What a guard answers.
public enum Verdict {
    /// Nothing against it.
    case pass
    /// The exchange ends with this problem.
    case refuse(Refusal)
    /// The guard answers in the backend's place, such as to a preflight.
    case respond(LocalAnswer)
    /// The guard must wait; it is answered by this future, on the exchange's event loop.
    case wait(EventLoopFuture<Verdict>)
}

/// Why an exchange ends here: the outside half and the inside half.
public struct Refusal: Sendable {
    /// What the caller learns.
    public var problem: Problem
    /// More fields for the answer, such as Retry-After or WWW-Authenticate; names are lower case.
    public var fields: [(name: String, value: String)]
    /// The rule of the guard, for the event.
    public var rule: String
    /// Why, for the event; lower case.
    public var reason: String
    /// How bad it is.
    public var severity: Severity
    /// More facts for the event.
    public var evidence: [(name: String, value: String)]
    /// What the refusal rests on, for the event.
    public var details: DecisionDetails?
    /// True when the connection must end with the answer.
    public var closesConnection: Bool

    /// Makes a refusal.
    public init(
        _ problem: Problem, rule: String, reason: String, severity: Severity = .low,
        fields: [(name: String, value: String)] = [], evidence: [(name: String, value: String)] = [],
        details: DecisionDetails? = nil, closesConnection: Bool = false
    ) {
        self.problem = problem
        self.rule = rule
        self.reason = reason
        self.severity = severity
        self.fields = fields
        self.evidence = evidence
        self.details = details
        self.closesConnection = closesConnection
    }
}

/// An answer that a guard gives itself.
public struct LocalAnswer: Sendable {
    /// The status.
    public var status: Int
    /// The fields; names are lower case.
    public var fields: [(name: String, value: String)]
    /// The body.
    public var body: ByteBuffer

    /// Makes an answer.
    public init(status: Int, fields: [(name: String, value: String)] = [], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
