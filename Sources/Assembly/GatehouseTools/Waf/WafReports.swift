internal import Foundation
internal import GatehouseFirewall
public import SecLang

/// The lines that the `waf` commands print.
public enum WafReports {
    /// Rules as a table: id, phase, paranoia level, severity, message.
    ///
    /// - Parameters:
    ///   - search: only rules whose id, message or tags hold this text.
    ///   - level: only rules that run at this paranoia level.
    public static func rules(_ rules: RuleSet, search: String? = nil, level: Int? = nil) -> [String] {
        rules.summaries.filter { rule in
            if let level, (rule.paranoiaLevel ?? 1) > level { return false }
            guard let search = search?.lowercased() else { return true }
            return "\(rule.id)".contains(search) || rule.message.lowercased().contains(search)
                || rule.tags.contains { $0.lowercased().contains(search) }
        }.map { rule in
            let columns = ["\(rule.id)", "phase \(rule.phase)", "PL \(rule.paranoiaLevel.map(String.init) ?? "-")", rule.severity ?? "-"]
            return columns.map { $0.padding(toLength: 10, withPad: " ", startingAt: 0) }.joined() + rule.message
        }
    }

    /// What the rules make of one raw request.
    public static func test(_ request: [UInt8], rules: RuleSet) -> (lines: [String], isRefused: Bool) {
        let explanation = WafExplanation(RawRequest(request), rules: rules)
        return (explanation.lines, explanation.record.interruption != nil)
    }

    /// A table of costs.
    public static func bench(_ rows: [WafBench.Row]) -> [String] {
        ["request                    CPU µs    p50 µs    p99 µs"]
            + rows.map { row in
                row.name.padding(toLength: 24, withPad: " ", startingAt: 0)
                    + [row.average, row.median, row.p99].map { number in
                        let text = String(format: "%.1f", number)
                        return String(repeating: " ", count: max(0, 10 - text.count)) + text
                    }.joined()
            }
    }

    /// What a replay showed.
    public static func replay(_ summary: WafReplay.Summary) -> [String] {
        var lines = ["\(summary.count) requests, \(summary.changes.count) treated differently"]
        for change in summary.changes {
            let verdict =
                change.wasRefused == change.isRefused ? "same verdict" : change.isRefused ? "refused from now on" : "passes from now on"
            lines.append("\(change.id): \(verdict), new rules \(change.gained), rules no more \(change.lost)")
        }
        for (id, count) in summary.gainedRules.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            lines.append("rule \(id): \(count) new matches")
        }
        return lines
    }
}
