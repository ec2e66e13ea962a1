internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseFirewall
internal import GatehouseGuards
internal import NIOPosix

/// What the firewalls of a house share: compiled rules and threads.
final class FirewallFittings: Sendable {
    private let library = FirewallLibrary()
    private let blockList = DNSBlockList()
    private let pool: NIOThreadPool

    init() {
        pool = NIOThreadPool(numberOfThreads: max(1, min(4, ProcessInfo.processInfo.activeProcessorCount)))
        pool.start()
    }

    deinit { pool.shutdownGracefully { _ in } }

    /// The firewall of one place; nil where it is off.
    ///
    /// - Throws: `FirewallFailure` where there are no rules, they are wrong, or they refuse nothing.
    func placement(_ settings: FirewallGuardSettings) throws -> Route.Placement? {
        guard settings.mode != .off else { return nil }
        let rules = try library.rules(settings, now: Int(Date().timeIntervalSince1970))
        let firewall = FirewallGuard(settings, rules: rules, worker: FirewallWorker(pool)) { [blockList] in blockList.has($0) }
        return Route.Placement(firewall, mode: settings.mode)
    }
}
