public import GatehouseConfiguration
internal import GatehouseCore
internal import SecLang
internal import Synchronization

/// Keeps compiled rules: places with equal rules share them, and a reload compiles only what has changed.
///
/// Cost: some tenths of a second to compile the Core Rule Set, some megabytes to keep it.
public final class FirewallLibrary: Sendable {
    private let kept = Mutex<[FirewallRules]>([])

    /// An empty library.
    public init() {}

    /// The rules of a place.
    ///
    /// - Throws: `FirewallFailure`; see ``FirewallRules``.
    public func rules(_ settings: FirewallGuardSettings, now: Int) throws(FirewallFailure) -> FirewallRules {
        let isEnforced = settings.mode == .enforce
        let known = kept.withLock { $0 }
        if let found = known.first(where: { $0.isCurrent(for: settings.rules) }), !isEnforced || found.rules.dangers.isEmpty {
            return found
        }
        let compiled = try FirewallRules(settings.rules, isEnforced: isEnforced, now: now)
        kept.withLock { kept in
            kept.removeAll { $0.settings == settings.rules }
            kept.append(compiled)
            if kept.count > Self.limit { kept.removeFirst() }
        }
        return compiled
    }

    /// More rule sets than this are not kept for another reload.
    private static let limit = 64
}
