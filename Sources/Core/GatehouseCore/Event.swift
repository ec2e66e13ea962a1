/// One entry of the event stream that logs, metrics, detection, alerts, the audit log and the console read.
public enum Event: Sendable {
    /// A request came to its end, or broke.
    case request(RequestRecord)
    /// A guard decided something other than to pass.
    case decision(DecisionRecord)
    /// A rule of the web application firewall matched; whether anything came of it, a decision says.
    case match(RuleMatchRecord)
    /// Something happened to the house itself: start, reload, an upstream's health, a limit that struck.
    case system(SystemRecord)
}

/// Who and where, the same in all records about one request.
public struct RequestContext: Sendable {
    /// The request's incident id.
    public var incident: IncidentID
    /// The trace that it belongs to.
    public var trace: TraceContext
    /// The address of the true client, after trusted hops, as text.
    public var client: String
    /// The method.
    public var method: String
    /// The host that the client asked for.
    public var host: String
    /// The path as sent, without query.
    public var path: String
    /// The service that it was routed to; empty for none.
    public var service: String
    /// The route of the service; empty for none.
    public var route: String
    /// The user or client that was recognized; empty for none.
    public var principal: String

    /// Makes a context of its parts.
    public init(
        incident: IncidentID, trace: TraceContext, client: String, method: String, host: String, path: String,
        service: String, route: String, principal: String
    ) {
        self.incident = incident
        self.trace = trace
        self.client = client
        self.method = method
        self.host = host
        self.path = path
        self.service = service
        self.route = route
        self.principal = principal
    }
}

/// A request at its end.
public struct RequestRecord: Sendable {
    /// Who and where.
    public var context: RequestContext
    /// When it ended, nanoseconds since 1970.
    public var time: Int64
    /// The query as sent, tokens in it redacted by the writer; empty for none.
    public var query = ""
    /// The version of HTTP it came in.
    public var protocolName = ""
    /// The status that was sent; 0 when none was.
    public var status = 0
    /// The status of the backend; 0 when none came.
    public var upstreamStatus = 0
    /// Address of the backend that answered; empty for none.
    public var upstream = ""
    /// Bytes of the request's body.
    public var bytesIn = 0
    /// Bytes of the answer's body that were sent.
    public var bytesOut = 0
    /// From the first byte of the request to the last of the answer, nanoseconds.
    public var duration: Int64 = 0
    /// From sending the request to the head of the backend's answer, nanoseconds; 0 where none came.
    public var upstreamDuration: Int64 = 0
    /// The User-Agent; empty for none.
    public var userAgent = ""
    /// Version and cipher of TLS; empty for a plain connection.
    public var tls = ""
    /// Why it broke; empty when it did not.
    public var failure = ""
    /// The full text of a masked error of the backend, first 64 KiB; empty for none.
    public var maskedBody = ""

    /// A record with what is always there.
    public init(context: RequestContext, time: Int64) {
        self.context = context
        self.time = time
    }
}

/// A decision of a guard on a request.
public struct DecisionRecord: Sendable {
    /// Who and where.
    public var context: RequestContext
    /// When, nanoseconds since 1970.
    public var time: Int64
    /// What was decided.
    public var decision: Decision

    /// A record of a decision.
    public init(context: RequestContext, time: Int64, decision: Decision) {
        self.context = context
        self.time = time
        self.decision = decision
    }
}

/// Something that happened to the house itself.
public struct SystemRecord: Sendable {
    /// When, nanoseconds since 1970.
    public var time: Int64
    /// The part that speaks, such as `listener`, `upstream`, `configuration`.
    public var component: String
    /// What happened, one word or two in `snake_case`, such as `reload_refused`.
    public var name: String
    /// How bad it is.
    public var severity: Severity
    /// One clause for people; lower case.
    public var message: String
    /// More facts, in order; names are `snake_case`.
    public var facts: [(name: String, value: String)]

    /// Makes a record.
    public init(
        time: Int64, component: String, name: String, severity: Severity, message: String,
        facts: [(name: String, value: String)] = []
    ) {
        self.time = time
        self.component = component
        self.name = name
        self.severity = severity
        self.message = message
        self.facts = facts
    }
}

/// Where events go. Emitting never blocks; what cannot be kept is counted by the sink.
public protocol EventSink: Sendable {
    /// Takes one event.
    func emit(_ event: Event)
    /// Takes the event of a request at its end, which are nearly all events; by default as any other.
    func emit(request: RequestRecord)
    /// A sink for the use of one event loop, which loops need not share; by default the sink itself.
    func local() -> any EventSink
}

extension EventSink {
    /// Takes it as an event.
    public func emit(request: RequestRecord) { emit(.request(request)) }

    /// The sink itself.
    public func local() -> any EventSink { self }
}
