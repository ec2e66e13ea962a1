internal import Foundation
public import GatehouseFirewall
internal import SecLang

/// Finds the exclusion that lets a wrongly refused request pass, and checks that attacks on the same path are still refused.
public struct WafExcluder: Sendable {
    /// What came of it.
    public enum Outcome: Sendable, Equatable {
        /// The request was not refused to begin with.
        case passesAlready
        /// These lines let it pass, and attacks on the path are refused as before.
        case lines([String])
        /// Lines would let these attacks pass as well, so there are none.
        case opensTheDoor([String])
        /// Whatever is excluded, the request stays refused; the reason.
        case staysRefused(String)
    }

    private let rules: WafRules

    /// - Parameter rules: the rules that refused the request.
    public init(rules: WafRules) { self.rules = rules }

    /// Looks for the lines.
    ///
    /// - Parameter firstID: the rule id of the first line; the next follow.
    public func exclude(_ request: RawRequest, firstID: Int = 10_000) throws -> Outcome {
        let original = try rules.compile()
        var lines: [String] = []
        var compiled = original
        for round in 0..<5 {
            let explanation = WafExplanation(request, rules: compiled)
            guard explanation.record.interruption != nil else {
                return lines.isEmpty ? .passesAlready : judged(lines, original, compiled, request)
            }
            guard let exclusion = explanation.exclusion else {
                return .staysRefused(explanation.record.interruption?.message ?? "")
            }
            lines.append(exclusion.line(id: firstID + round))
            compiled = try rules.compile(exclusions: lines)
        }
        return .staysRefused("five exclusions were not enough")
    }

    private func judged(_ lines: [String], _ original: RuleSet, _ compiled: RuleSet, _ request: RawRequest) -> Outcome {
        let now = Int(Date().timeIntervalSince1970)
        let path = String(decoding: request.target.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }, as: UTF8.self)
        let before = Set(SelfProof.attacksThatPass(original, now: now, path: path))
        let opened = SelfProof.attacksThatPass(compiled, now: now, path: path).filter { !before.contains($0) }
        return opened.isEmpty ? .lines(lines) : .opensTheDoor(opened)
    }

    /// The first rule id that no line of a file of exclusions has yet.
    public static func freeID(in text: String) -> Int {
        let used = text.matches(of: /id:(\d+)/).compactMap { Int($0.output.1) }.filter { (10_000..<90_000).contains($0) }
        return (used.max() ?? 9_999) + 1
    }
}
