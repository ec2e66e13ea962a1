internal import GatehouseCore
internal import GatehouseGuards
internal import SecLang

/// Puts what rules have found into the words of the event stream.
enum FirewallEvents {
    /// The refusal that an interruption asks for, with what it rests on.
    static func refusal(_ interruption: Interruption, _ transaction: Transaction, request: RecordedRequest?, path: String) -> Refusal {
        let matches = transaction.visibleMatches
        let scoring = matches.filter { $0.score > 0 || $0.isDisruptive }
        let score = scoring.reduce(0) { $0 + $1.score }
        let exclusion = Exclusion(
            matches: matches, path: decoded(path), threshold: interruption.phase < 3 ? transaction.inboundThreshold : nil)
        return Refusal(
            Problem(status: interruption.status), rule: interruption.ruleID.map(String.init) ?? interruption.cause.rawValue,
            reason: reason(interruption), severity: severity(scoring, interruption),
            evidence: [("cause", interruption.cause.rawValue), ("phase", String(interruption.phase)), ("score", String(score))],
            details: DecisionDetails(
                matches: scoring.map { RuleMatch($0) }, score: score, exclusion: exclusion?.line(id: 10_000) ?? "", request: request),
            closesConnection: interruption.action == .drop)
    }

    /// The decision that a refusal stands for.
    static func decision(_ refusal: Refusal, guardName: String, mode: GuardMode) -> Decision {
        Decision(
            guardName: guardName, rule: refusal.rule, outcome: .refuse, mode: mode, reason: refusal.reason, severity: refusal.severity,
            evidence: refusal.evidence, status: refusal.problem.status, details: refusal.details)
    }

    /// Emits one event for each rule that matched, and one for each limit that was reached without a refusal.
    static func emit(_ record: TransactionRecord, _ exchange: Exchange, guardName: String, mode: GuardMode) {
        guard !record.matches.isEmpty else { return }
        let context = exchange.context
        let time = exchange.services.clock.wall
        for match in record.matches {
            exchange.services.events.emit(
                .match(RuleMatchRecord(context: context, time: time, guardName: guardName, mode: mode, match: RuleMatch(match))))
        }
    }

    private static func reason(_ interruption: Interruption) -> String {
        switch interruption.cause {
        case .rule: "rule \(interruption.ruleID ?? 0): \(interruption.message)"
        case .matchLimit, .timeBudget, .bodyLimit: interruption.message
        }
    }

    private static func severity(_ matches: [Match], _ interruption: Interruption) -> GatehouseCore.Severity {
        guard interruption.cause == .rule else { return .medium }
        let levels = matches.compactMap(\.severity)
        switch levels.min() ?? 4 {
        case ...2: return .high
        case 3, 4: return .medium
        default: return .low
        }
    }

    /// The path with percent-encoding taken off, as `REQUEST_FILENAME` holds it.
    private static func decoded(_ path: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(path.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(value)
                rest.removeFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension RuleMatch {
    init(_ match: Match) {
        self.init(
            id: match.ruleID, message: match.message, severity: match.severityName ?? "", phase: match.phase, variable: match.variable,
            matched: RuleMatch.visible(match.matched), data: match.data, score: match.score, tags: match.tags)
    }

    /// Bytes as text; what is no UTF-8 as `\xNN`.
    private static func visible(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return bytes.map { byte in
            if byte < 128 { return String(Unicode.Scalar(byte)) }
            return "\\x" + String(byte, radix: 16)
        }.joined()
    }
}
