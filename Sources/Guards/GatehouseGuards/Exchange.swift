public import GatehouseCore
public import HTTPWire
public import NIOCore

/// One request and its answer, from the first byte to the log line.
///
/// Confined to one event loop. Fronts make it and drive it; guards read it and change what their phase allows.
public final class Exchange {
    /// The name of this exchange in the answer, the log and all events.
    public let incident: IncidentID
    /// Our span in the trace that the request belongs to.
    public var trace: TraceContext
    /// Facts of the connection it came on.
    public let connection: ConnectionFacts
    /// The true client, after trusted hops.
    public var client: IPAddress { didSet { clientText = client.description } }
    /// The client's address as text.
    public private(set) var clientText: String
    /// True when the client, at the far end of trusted hops, spoke TLS.
    public var isSecure: Bool
    /// The request as it will go to the backend.
    public var request: RequestHead
    /// The answer as it will go to the client; an empty 200 until one is there.
    public var response = ResponseHead()
    /// Where it goes and who watches; set by routing.
    public var route: Route
    /// Who the caller is, once a guard has verified it; `nil` for nobody.
    public var identity: CallerIdentity?
    /// The caller's name in events: user or client; empty for nobody.
    public var principal = ""
    /// Monotonic nanoseconds of the request's first byte.
    public let startedAt: Int64
    /// Where the answer comes from.
    public var origin = AnswerOrigin.none
    /// Decisions other than to pass, in order.
    public private(set) var decisions: [Decision] = []
    /// The text of a backend's error that was masked, for the log.
    public var maskedBody = ""
    /// What house services the guards may use.
    public let services: ExchangeServices
    /// The event loop of the exchange, where guards that wait must answer; `nil` in a house without loops, where none can wait.
    public var eventLoop: (any EventLoop)?
    /// Lines that go to the backend with the request, after what the client sent under their names was taken away.
    public var backendFields = FieldBlock()

    /// The whole body of the request in the requestBody phase; guards may change it there, and what they leave is sent on.
    public var requestBody = ByteBuffer()
    /// True in the requestBody phase when `requestBody` is only the beginning of a longer body: changes to it are not sent, but
    /// the request can be refused.
    public var requestBodyIsBeginning = false

    /// The whole body of the answer in the responseBody phase; guards may change it there.
    public var responseBody = ByteBuffer()
    /// True in the responseBody phase when `responseBody` is only the beginning of a longer body: changes to it are not sent, but
    /// the answer can be refused.
    public var responseBodyIsBeginning = false

    private var slots: [AnyObject?] = []
    /// Those who see the bytes of the request's body as they come.
    public private(set) var requestBodyWatches: [any RequestBodyWatch] = []
    /// How much of the request's body guards want to see; `nil` when none wants any.
    public private(set) var requestBodyDemand: RequestBodyDemand?
    /// Most bytes of the answer's body that guards want to see whole; `nil` when none does.
    public private(set) var responseBodyDemand: BodyDemand?

    /// Makes an exchange for a request that was read.
    public init(
        request: RequestHead, connection: ConnectionFacts, route: Route, incident: IncidentID, trace: TraceContext,
        startedAt: Int64, services: ExchangeServices
    ) {
        self.request = request
        self.connection = connection
        self.route = route
        self.incident = incident
        self.trace = trace
        self.startedAt = startedAt
        self.services = services
        client = connection.peer
        clientText = connection.peerText
        isSecure = connection.tls != nil
    }

    /// State that a guard keeps for this exchange, under a slot it got from ``GuardSlot``.
    public subscript<Value>(slot: GuardSlot<Value>) -> Value? {
        get { slot.index < slots.count ? (slots[slot.index] as? SlotValue<Value>)?.value : nil }
        set {
            if slots.count <= slot.index {
                slots.reserveCapacity(max(8, slot.index + 1))
                while slots.count <= slot.index { slots.append(nil) }
            }
            slots[slot.index] = newValue.map(SlotValue.init)
        }
    }

    /// Asks for the request's body before it goes to the backend.
    public func needsRequestBody(_ demand: RequestBodyDemand) {
        requestBodyDemand = requestBodyDemand?.joined(with: demand) ?? demand
    }

    /// Shows every byte of the request's body to a guard as it comes; to be asked for in the requestHead phase.
    public func watchRequestBody(_ watch: any RequestBodyWatch) { requestBodyWatches.append(watch) }

    /// Shows bytes to all watches, or the end of the body, and notes what they refuse.
    ///
    /// - Parameter bytes: `nil` for the end.
    /// - Returns: the refusal that must be carried out.
    public func showRequestBody(_ bytes: ByteBuffer?) -> Refusal? {
        for watch in requestBodyWatches {
            guard let refusal = bytes.map({ watch.read($0) }) ?? watch.end() else { continue }
            requestBodyWatches.removeAll { $0 === watch }
            record(
                Decision(
                    guardName: watch.guardName, rule: refusal.rule, outcome: .refuse, mode: watch.mode, reason: refusal.reason,
                    severity: refusal.severity, evidence: refusal.evidence, status: refusal.problem.status))
            if watch.mode == .enforce { return refusal }
        }
        return nil
    }

    /// Asks for the whole body of the answer before any of it is sent.
    public func needsResponseBody(_ demand: BodyDemand) {
        responseBodyDemand = responseBodyDemand?.stricter(demand) ?? demand
    }

    /// Notes a decision other than to pass, and emits its event.
    public func record(_ decision: Decision) {
        decisions.append(decision)
        services.events.emit(
            .decision(DecisionRecord(context: context, time: services.clock.wall, decision: decision)))
    }

    /// Who and where, for records.
    public var context: RequestContext {
        RequestContext(
            incident: incident, trace: trace, client: clientText, method: request.method.name, host: request.authority,
            path: String(decoding: request.target[..<request.pathLength], as: UTF8.self), service: route.service, route: route.name,
            principal: principal)
    }
}

/// What a slot holds.
private final class SlotValue<Value> {
    let value: Value

    init(_ value: Value) { self.value = value }
}

/// Where an answer comes from.
public enum AnswerOrigin: Sendable {
    /// There is none yet.
    case none
    /// The backend.
    case upstream
    /// A guard or the house itself.
    case gatehouse
}

/// Facts of a client's connection.
public struct ConnectionFacts: Sendable {
    /// The peer of the socket, or the source that a trusted PROXY header named.
    public var peer: IPAddress { didSet { peerText = peer.description } }
    /// The peer's address as text.
    public private(set) var peerText: String
    /// The peer's port.
    public var peerPort: Int
    /// The listener's address and port.
    public var localPort: Int
    /// What TLS has agreed on; `nil` for a plain connection.
    public var tls: TLSFacts?

    /// Makes the facts of a connection.
    public init(peer: IPAddress, peerPort: Int, localPort: Int, tls: TLSFacts? = nil) {
        self.peer = peer
        peerText = peer.description
        self.peerPort = peerPort
        self.localPort = localPort
        self.tls = tls
    }
}

/// What TLS has agreed on.
public struct TLSFacts: Sendable {
    /// `TLSv1.2` or `TLSv1.3`.
    public var version: String
    /// The name that the client asked for by SNI, in lower case; empty for none.
    public var serverName: String
    /// The client's verified certificate in DER form; empty for none.
    public var clientCertificate: [UInt8]
    /// SHA-256 of the client's certificate; empty for none.
    public var clientCertificateHash: [UInt8]

    /// Makes the facts of a TLS connection.
    public init(version: String, serverName: String, clientCertificate: [UInt8] = [], clientCertificateHash: [UInt8] = []) {
        self.version = version
        self.serverName = serverName
        self.clientCertificate = clientCertificate
        self.clientCertificateHash = clientCertificateHash
    }
}

/// What guards may use of the house.
public struct ExchangeServices: Sendable {
    /// The time.
    public var clock: any HouseClock
    /// Where events go.
    public var events: any EventSink

    /// Makes a set of services.
    public init(clock: any HouseClock, events: any EventSink) {
        self.clock = clock
        self.events = events
    }
}
