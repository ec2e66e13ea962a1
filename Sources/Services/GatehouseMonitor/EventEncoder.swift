internal import GatehouseCore

/// Writes events as one JSON line each, in the shape of the Open Cybersecurity Schema Framework 1.3.
///
/// Requests are class 4002 (HTTP Activity), decisions 2004 (Detection Finding), events of the house 6002 (Application
/// Lifecycle). What the schema has no name for stands under `unmapped`.
struct EventEncoder {
    let redactor: QueryRedactor
    var line = JSONLine()

    init(redactor: QueryRedactor) { self.redactor = redactor }

    /// Adds the line of an event, with its end.
    mutating func encode(_ event: Event, to bytes: inout [UInt8]) {
        switch event {
        case .request(let record): encode(record)
        case .decision(let record): encode(record)
        case .match(let record): encode(record)
        case .system(let record): encode(record)
        }
        line.end(to: &bytes)
    }

    /// Adds the line of a request, with its end.
    mutating func encode(_ record: RequestRecord, to bytes: inout [UInt8]) {
        encode(record)
        line.end(to: &bytes)
    }

    private mutating func encode(_ record: RequestRecord) {
        let severity: Severity = record.status >= 500 || !record.failure.isEmpty ? .low : .informational
        line.object { line in
            Self.head(&line, .request, activity: Self.activity(record.context.method), severity, record.time)
            Self.metadata(&line, record.context)
            Self.request(
                &line, record.context, redactor.redacted(record.query), record.protocolName, redactor.hidesUserAgent ? "" : record.userAgent
            )
            line.object("http_response") { $0.field("code", record.status) }
            line.object("traffic") { line in
                line.field("bytes_in", record.bytesIn)
                line.field("bytes_out", record.bytesOut)
            }
            line.field("duration", record.duration / 1_000_000)
            line.fields(record.failure.isEmpty && record.status < 400 ? #""status":"Success""# : #""status":"Failure""#)
            line.fieldIfAny("status_detail", record.failure)
            line.object("unmapped") { line in
                Self.place(&line, record.context)
                line.fieldIfAny("upstream", record.upstream)
                line.field("upstream_status", record.upstreamStatus)
                line.field("upstream_us", record.upstreamDuration / 1000)
                line.field("duration_us", record.duration / 1000)
                line.fieldIfAny("tls", record.tls)
                line.fieldIfAny("masked_body", redactor.redacted(body: record.maskedBody))
            }
        }
    }

    private mutating func encode(_ record: DecisionRecord) {
        let decision = record.decision
        line.object { line in
            Self.head(&line, .finding, activity: 1, decision.severity, record.time)
            Self.metadata(&line, record.context)
            line.object("finding_info") { line in
                line.field("uid", "\(record.context.incident):\(decision.guardName):\(decision.rule)")
                line.field("title", "\(decision.guardName): \(decision.rule)")
                line.field("desc", decision.reason)
            }
            Self.request(&line, record.context, "", "", "")
            line.field("disposition", decision.isEnforced ? Self.disposition(decision.outcome) : "Logged")
            line.object("unmapped") { line in
                Self.place(&line, record.context)
                line.field("guard", decision.guardName)
                line.field("rule", decision.rule)
                line.field("verdict", decision.outcome.rawValue)
                line.field("mode", decision.mode.rawValue)
                line.field("reason", decision.reason)
                if let status = decision.status { line.field("status", status) }
                if !decision.evidence.isEmpty {
                    line.object("evidence") { line in
                        for fact in decision.evidence { line.field(named: fact.name, redactor.fact(fact.name, fact.value)) }
                    }
                }
                if let details = decision.details { Self.write(details, to: &line, redactor) }
            }
        }
    }

    private mutating func encode(_ record: SystemRecord) {
        line.object { line in
            Self.head(&line, .lifecycle, activity: 99, record.severity, record.time)
            line.object("metadata") { Self.product(&$0) }
            line.field("message", record.message)
            line.object("unmapped") { line in
                line.field("component", record.component)
                line.field("event", record.name)
                for fact in record.facts { line.field(named: fact.name, redactor.fact(fact.name, fact.value)) }
            }
        }
    }

    /// What every line begins with.
    ///
    /// - Parameter kind: class and category, as they stand in the line.
    static func head(_ line: inout JSONLine, _ kind: EventKind, activity: Int, _ severity: Severity, _ time: Int64) {
        line.field("time", time / 1_000_000)
        line.fields(kind.fields)
        line.field("activity_id", activity)
        line.field("type_uid", kind.number * 100 + activity)
        line.fields(severityFields(severity))
    }

    static func metadata(_ line: inout JSONLine, _ context: RequestContext) {
        line.object("metadata") { line in
            line.field("uid", hexadecimal: context.incident.bits)
            line.field("correlation_uid", hexadecimal: context.trace.traceID)
            product(&line)
        }
    }

    private static func product(_ line: inout JSONLine) {
        line.fields(#""version":"1.3.0","product":{"name":"Gatehouse","vendor_name":"Gatehouse"}"#)
    }

    static func request(
        _ line: inout JSONLine, _ context: RequestContext, _ query: String, _ version: String, _ userAgent: String
    ) {
        line.object("src_endpoint") { $0.field("ip", context.client) }
        line.object("http_request") { line in
            line.field("http_method", context.method)
            line.object("url") { line in
                line.field("hostname", context.host)
                line.field("path", context.path)
                line.fieldIfAny("query_string", query)
            }
            line.fieldIfAny("version", version)
            line.fieldIfAny("user_agent", userAgent)
        }
        if !context.principal.isEmpty { line.object("actor") { $0.object("user") { $0.field("uid", context.principal) } } }
    }

    static func place(_ line: inout JSONLine, _ context: RequestContext) {
        line.fieldIfAny("service", context.service)
        line.fieldIfAny("route", context.route)
    }

    private static func severityFields(_ severity: Severity) -> StaticString {
        switch severity {
        case .informational: #""severity_id":1,"severity":"Informational""#
        case .low: #""severity_id":2,"severity":"Low""#
        case .medium: #""severity_id":3,"severity":"Medium""#
        case .high: #""severity_id":4,"severity":"High""#
        case .critical: #""severity_id":5,"severity":"Critical""#
        case .fatal: #""severity_id":6,"severity":"Fatal""#
        }
    }

    private static func disposition(_ outcome: Decision.Outcome) -> String {
        switch outcome {
        case .pass: "Allowed"
        case .refuse: "Blocked"
        case .challenge: "Unauthorized"
        case .respond: "Custom Action"
        case .modify: "Corrected"
        }
    }

    private static func activity(_ method: String) -> Int {
        switch method {
        case "CONNECT": 1
        case "DELETE": 2
        case "GET": 3
        case "HEAD": 4
        case "OPTIONS": 5
        case "POST": 6
        case "PUT": 7
        case "TRACE": 8
        default: 99
        }
    }
}

/// A class of the schema, with its category.
struct EventKind {
    /// The number of the class.
    var number: Int
    /// Class and category, as they stand in a line.
    var fields: StaticString

    static let request = EventKind(
        number: 4002, fields: #""class_uid":4002,"class_name":"HTTP Activity","category_uid":4"#)
    static let finding = EventKind(
        number: 2004, fields: #""class_uid":2004,"class_name":"Detection Finding","category_uid":2"#)
    static let lifecycle = EventKind(
        number: 6002, fields: #""class_uid":6002,"class_name":"Application Lifecycle","category_uid":6"#)
}
