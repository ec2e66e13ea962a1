public import GatehouseFirewall
public import SecLang

/// Why a request was refused, in words.
public struct WafExplanation: Sendable {
    /// What the rules made of the request.
    public let record: TransactionRecord
    /// The smallest change that would have let it pass; nil where there is none.
    public let exclusion: Exclusion?
    private let request: RawRequest

    /// Runs the request again.
    public init(_ request: RawRequest, rules: RuleSet) {
        self.request = request
        record = WafRunner(rules: rules, mode: .on).run(request)
        exclusion = Exclusion(record: record, path: request.path)
    }

    /// Lines for people.
    public var lines: [String] {
        let line = [request.method, request.target].map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        var lines = ["\(line)", verdict, ""]
        for match in record.matches {
            lines.append("rule \(match.ruleID)  score \(match.score)  \(match.severityName ?? "-")  \(match.message)")
            lines.append("  in \(match.variable): \(Self.shown(match.matched))")
        }
        if let exclusion {
            lines += ["", "smallest exclusion, if the request is a proper one:", exclusion.line(id: 10_000)]
        }
        return lines
    }

    private var verdict: String {
        guard let end = record.interruption else { return "passes, inbound score \(record.inboundScore)" }
        return
            "refused with \(end.status) by rule \(end.ruleID.map(String.init) ?? "-") (\(end.cause.rawValue)), inbound score \(record.inboundScore)"
    }

    private static func shown(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(120), as: UTF8.self).unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "·" : String($0) }
            .joined()
    }
}
