public import GatehouseConfiguration
public import SecLang
internal import SecLangFiles

/// The compiled rules of a firewall, with what they were compiled from.
public final class FirewallRules: Sendable {
    /// The rules.
    public let rules: RuleSet
    /// What is worth telling about them, one sentence each.
    public let notices: [String]
    let settings: FirewallGuardSettings.Rules
    let files: ReadFiles
    /// IP, GLOBAL and the other collections that outlive a transaction.
    let collections = MemoryCollections()

    /// Reads and compiles rules.
    ///
    /// - Parameter isEnforced: whether anything may be refused. Then exclusions that disarm the rules, and attacks that pass, are errors.
    /// - Throws: `FirewallFailure` where there are no rules, they cannot be enforced as they are written, or they refuse nothing.
    public init(_ settings: FirewallGuardSettings.Rules, isEnforced: Bool, now: Int) throws(FirewallFailure) {
        self.settings = settings
        let reader = FileRecorder()
        do {
            rules = try RuleSet(FirewallSources(settings).read(with: reader), resolver: reader.resolver)
        } catch {
            throw FirewallFailure("rules of the waf guard: \(error)")
        }
        files = reader.files
        if isEnforced, let danger = rules.dangers.first {
            throw FirewallFailure("rules of the waf guard: \(danger)")
        }
        notices = rules.notices + rules.dangers.map(\.description)
        guard settings.provesItself else { return }
        let passing = SelfProof.attacksThatPass(rules, now: now)
        guard passing.isEmpty else {
            throw FirewallFailure("the waf guard does not start: its rules let attacks pass: \(passing.joined(separator: ", "))")
        }
    }

    /// Reads and compiles rules without judging them, for those who look at rules rather than run them.
    ///
    /// - Parameter exclusions: lines that are read before the rules, behind the files of exclusions.
    /// - Throws: what is wrong with the rules.
    public static func compile(_ settings: FirewallGuardSettings.Rules, exclusions: [String] = []) throws -> RuleSet {
        let reader = FileRecorder()
        return try RuleSet(FirewallSources(settings, exclusions: exclusions).read(with: reader), resolver: reader.resolver)
    }

    /// Whether compiling again would give the same: the settings are, and no file has changed.
    func isCurrent(for settings: FirewallGuardSettings.Rules) -> Bool {
        guard settings == self.settings else { return false }
        let reader = FileRecorder()
        guard (try? FirewallSources(settings).read(with: reader)) != nil else { return false }
        return files.isUnchanged(since: reader)
    }
}

/// Why a firewall cannot be made.
public struct FirewallFailure: Error, CustomStringConvertible, Equatable {
    /// In one line.
    public let description: String

    /// Gives a reason.
    public init(_ description: String) { self.description = description }
}
