public import GatehouseFirewall
public import SecLang

/// Why the rules refuse a request, in words: by running it through them.
public struct WafExplanation: Sendable {
    /// What the rules made of the request.
    public let record: TransactionRecord
    /// The smallest change that would have let it pass; nil where there is none.
    public let exclusion: Exclusion?
    private let request: RawRequest

    /// Runs the request.
    public init(_ request: RawRequest, rules: RuleSet) {
        self.request = request
        record = WafRunner(rules: rules, mode: .on).run(request)
        exclusion = record.interruption == nil ? nil : Exclusion(record: record, path: request.path)
    }

    /// Lines for people.
    public var lines: [String] {
        var event = WafEvent(id: "")
        event.request = request
        event.verdict = verdict
        event.matches = record.matches.map { match in
            WafEvent.Found(
                id: match.ruleID, message: match.message, severity: match.severityName ?? "", variable: match.variable,
                matched: String(decoding: match.matched, as: UTF8.self), score: match.score)
        }
        event.exclusion = exclusion?.line(id: 10_000) ?? ""
        return event.lines
    }

    private var verdict: String {
        guard let end = record.interruption else { return "passes, inbound score \(record.inboundScore)" }
        return
            "refused with \(end.status) by rule \(end.ruleID.map(String.init) ?? "-") (\(end.cause.rawValue)), inbound score \(record.inboundScore)"
    }
}

extension WafEvent {
    /// An exchange of which nothing is known yet.
    init(id: String) { self.id = id }

    /// What the event says, in lines for people.
    public var lines: [String] {
        var lines: [String] = []
        if let request {
            lines.append([request.method, request.target].map { String(decoding: $0, as: UTF8.self) }.joined(separator: " "))
        }
        if !service.isEmpty { lines.append("service \(service)" + (route.isEmpty ? "" : ", route \(route)")) }
        lines += [verdict.isEmpty ? "passed" : verdict, ""]
        for match in matches {
            lines.append("rule \(match.id)  score \(match.score)  \(match.severity.isEmpty ? "-" : match.severity)  \(match.message)")
            lines.append("  in \(match.variable): \(Self.shown(match.matched))")
        }
        if !exclusion.isEmpty { lines += ["", "smallest exclusion, if the request is a proper one:", exclusion] }
        return lines
    }

    private static func shown(_ text: String) -> String {
        text.unicodeScalars.prefix(120).map { $0.value < 32 || $0.value == 127 ? "·" : String($0) }.joined()
    }
}
