public import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import GatehouseMonitor
internal import GatehouseProxy
internal import NIOCore
internal import Synchronization

/// A running house: the data plane, the event stream and the admin listener of one configuration.
public final class HouseServer: Sendable {
    private let proxy: ProxyServer
    private let events: EventPipeline
    private let clock = SystemClock()
    private let current: Mutex<House>
    private let admin: AdminServer?
    private let guards = GuardAssembly()

    /// Makes a configuration ready and starts what it needs; nothing listens yet.
    ///
    /// - Parameter workers: number of event loops.
    /// - Throws: what is wrong with files that the configuration names.
    public init(_ configuration: Configuration, workers: Int) throws {
        events = EventOutputs.pipeline(configuration.events, clock: clock)
        let services = ExchangeServices(clock: clock, events: events)
        let house = try House(configuration, fittings: guards, previous: nil)
        current = Mutex(house)
        proxy = ProxyServer(house, services: services, workers: workers, dataFolder: configuration.data.path)
        admin = configuration.admin.listen.map { AdminServer($0) }
    }

    /// Addresses that are listened on.
    public var addresses: [String] { proxy.addresses.map { "\($0.ipAddress ?? "?"):\($0.port ?? 0)" } }

    /// Opens the listeners.
    ///
    /// - Throws: what the system says of an address, or what is wrong with certificates.
    public func start() async throws {
        let configuration = current.withLock { $0.configuration }
        try await proxy.listen(configuration)
        try await admin?.start(AdminPages(proxy: proxy, events: events))
        say("started", .informational, "listens on \(addresses.joined(separator: ", "))")
    }

    /// How an attempt to reload ended.
    public enum Reload: Sendable {
        /// New requests follow it.
        case inForce(LoadedConfiguration)
        /// The file is good, but what it names cannot be used; the old configuration stays.
        case unusable(LoadedConfiguration)
        /// The file has errors; the old configuration stays.
        case refused(ConfigurationFailure)
    }

    /// Reads the file again and puts it in force for new requests; with errors nothing changes.
    @discardableResult
    public func reload(_ loader: ConfigurationLoader) async -> Reload {
        let loaded: LoadedConfiguration
        do {
            loaded = try loader.load()
        } catch {
            say("reload_refused", .high, "configuration `\(loader.file)` has errors, the old one stays in force: \(error.report)")
            return .refused(error)
        }
        do {
            let old = current.withLock { $0 }
            let house = try House(loaded.configuration, fittings: guards, previous: old)
            try await proxy.use(house)
            current.withLock { $0 = house }
            say("reloaded", .informational, "configuration `\(loader.file)` is in force")
            sayWhatNeedsARestart(old.configuration, loaded.configuration)
            return .inForce(loaded)
        } catch {
            say("reload_refused", .high, "configuration `\(loader.file)` cannot be used, the old one stays in force: \(error)")
            return .unusable(loaded)
        }
    }

    /// Lets the running requests end, within the configured time, then stops.
    public func stop() async {
        say("stopping", .informational, "no new connections, running requests end")
        let limit = current.withLock { $0.configuration.timeouts.drain }
        admin?.setReady(false)
        let open = await proxy.drain(within: limit)
        await admin?.stop()
        say("stopped", open == 0 ? .informational : .medium, "\(open) connections were still open after \(limit)")
        events.finish()
    }

    private func sayWhatNeedsARestart(_ old: Configuration, _ new: Configuration) {
        let changed = [
            ("admin", old.admin != new.admin), ("events", old.events != new.events), ("data", old.data != new.data),
            ("store", old.store != new.store),
        ].filter(\.1).map { "`\($0.0)`" }
        guard !changed.isEmpty else { return }
        say("restart_needed", .medium, "the change of \(changed.joined(separator: ", ")) takes effect at the next start")
    }

    private func say(_ name: String, _ severity: Severity, _ message: String) {
        events.emit(
            .system(SystemRecord(time: clock.wall, component: "house", name: name, severity: severity, message: message)))
    }
}
