internal import Crypto
internal import GatehouseAuthentication
internal import GatehouseAuthorization
public import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import GatehouseMonitor
internal import GatehouseProxy
internal import GatehouseValidation
internal import NIOCore
internal import Synchronization

/// A running house: the data plane, the event stream and the admin listener of one configuration.
public final class HouseServer: Sendable {
    private let proxy: ProxyServer
    private let pipeline: EventPipeline
    private let events: HouseEvents
    /// Store, keys and audit log; nil where nothing needs them.
    public let ground: HouseGround?
    private let keeping: HouseKeeping?
    private let clock = SystemClock()
    private let current: Mutex<House>
    private let admin: AdminServer?
    private let guards: GuardAssembly
    private let openAPI: OpenAPINews

    /// Opens what the house stands on, makes a configuration ready and starts what it needs; nothing listens yet.
    ///
    /// A data folder that cannot be used is said, and is no reason not to serve, unless something in the configuration needs it.
    /// - Parameter workers: number of event loops.
    /// - Throws: what is wrong with files that the configuration names; ``GroundFailure``.
    public convenience init(_ configuration: Configuration, workers: Int) async throws {
        guard configuration.needsGround else {
            try await self.init(configuration, workers: workers, on: nil, failure: nil)
            return
        }
        do {
            let ground = try await HouseGround.open(configuration)
            do {
                try await self.init(configuration, workers: workers, on: ground, failure: nil)
            } catch {
                try? await ground.close()
                throw error
            }
        } catch let failure as GroundFailure where !configuration.requiresGround {
            try await self.init(configuration, workers: workers, on: nil, failure: failure)
        }
    }

    private convenience init(_ configuration: Configuration, workers: Int, on ground: HouseGround?, failure: GroundFailure?) async throws {
        let pipeline = EventOutputs.pipeline(configuration.events, clock: SystemClock())
        let events = HouseEvents(pipeline: pipeline, audit: ground?.audit)
        let authentication = try AuthenticationGround(of: ground, clock: SystemClock(), events: events)
        let guards = GuardAssembly(ground: ground, events: events, authentication: authentication)
        try await guards.prepare(configuration)
        try self.init(configuration, workers: workers, ground: ground, failure: failure, pipeline: pipeline, events: events, guards: guards)
    }

    private init(
        _ configuration: Configuration, workers: Int, ground: HouseGround?, failure: GroundFailure?, pipeline: EventPipeline,
        events: HouseEvents, guards: GuardAssembly
    ) throws {
        self.ground = ground
        self.pipeline = pipeline
        self.events = events
        self.guards = guards
        keeping = ground.map { [pipeline, clock] in
            HouseKeeping($0, rotateAfter: configuration.keys.rotateAfter) { component, name, severity, message, facts in
                pipeline.emit(
                    .system(
                        SystemRecord(
                            time: clock.wall, component: component, name: name, severity: severity, message: message, facts: facts)))
            }
        }
        let services = ExchangeServices(clock: clock, events: events)
        let house = try House(configuration, fittings: guards.fitted(to: configuration), previous: nil)
        current = Mutex(house)
        proxy = ProxyServer(house, services: services, workers: workers, dataFolder: configuration.data.path)
        admin = configuration.admin.listen.map { AdminServer($0) }
        openAPI = OpenAPINews(guards.documents, events: events, clock: clock)
        if let failure {
            say("audit_unavailable", .high, "there is no audit log: \(failure)", component: "audit")
            EventOutputs.complain("there is no audit log: \(failure)")
        }
    }

    /// Addresses that are listened on.
    public var addresses: [String] { proxy.addresses.map { "\($0.ipAddress ?? "?"):\($0.port ?? 0)" } }

    /// Files that documents in use refer to, beside those that the configuration names.
    public var referredFiles: [String] { guards.documents.files }

    /// Opens the listeners.
    ///
    /// - Throws: what the system says of an address, or what is wrong with certificates.
    public func start() async throws {
        let configuration = current.withLock { $0.configuration }
        try await proxy.listen(configuration)
        try await admin?.start(AdminPages(proxy: proxy, events: pipeline, documents: guards.documents, audit: ground?.audit))
        keeping?.start()
        say("started", .informational, "listens on \(addresses.joined(separator: ", "))")
        openAPI.announce(configuration)
        openAPI.start()
    }

    /// Records which configuration the house was started with: each file's digest, and every unsafe choice.
    public func record(_ loaded: LoadedConfiguration) { tell(of: loaded, "loaded", "the configuration that the house starts with") }

    private func tell(of loaded: LoadedConfiguration, _ name: String, _ message: String) {
        let digests = loaded.texts.sorted { $0.key < $1.key }.map { file, text in
            (
                name: "sha256 of \(file)",
                value: SHA256.hash(data: Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            )
        }
        let choices = loaded.unsafeChoices.map { (name: "unsafe \($0.path)", value: $0.value) }
        say(name, .informational, message, component: "configuration", facts: digests + choices)
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
            say(
                "reload_refused", .high, "configuration `\(loader.file)` has errors, the old one stays in force: \(error.report)",
                component: "configuration")
            return .refused(error)
        }
        do {
            let old = current.withLock { $0 }
            try await guards.prepare(loaded.configuration)
            let house = try House(loaded.configuration, fittings: guards.fitted(to: loaded.configuration), previous: old)
            try await proxy.use(house)
            current.withLock { $0 = house }
            tell(of: loaded, "reloaded", "configuration `\(loader.file)` is in force")
            sayWhatNeedsARestart(old.configuration, loaded.configuration)
            openAPI.announce(loaded.configuration)
            ResidentMemory.freeHeap()
            return .inForce(loaded)
        } catch {
            say(
                "reload_refused", .high, "configuration `\(loader.file)` cannot be used, the old one stays in force: \(error)",
                component: "configuration")
            return .unusable(loaded)
        }
    }

    /// Lets the running requests end, within the configured time, then stops.
    public func stop() async {
        say("stopping", .informational, "no new connections, running requests end")
        let limit = current.withLock { $0.configuration.timeouts.drain }
        admin?.setReady(false)
        guards.stop()
        let open = await proxy.drain(within: limit)
        await admin?.stop()
        openAPI.stop()
        say("stopped", open == 0 ? .informational : .medium, "\(open) connections were still open after \(limit)")
        await keeping?.stop()
        do { try await ground?.close() } catch {
            say("audit_unavailable", .high, "the audit log could not be closed: \(error)", component: "audit")
        }
        guards.authorization.finish()
        pipeline.finish()
    }

    private func sayWhatNeedsARestart(_ old: Configuration, _ new: Configuration) {
        let changed = [
            ("admin", old.admin != new.admin), ("events", old.events != new.events), ("data", old.data != new.data),
            ("store", old.store != new.store), ("keys", old.keys != new.keys), ("audit", old.audit != new.audit),
        ].filter(\.1).map { "`\($0.0)`" }
        guard !changed.isEmpty else { return }
        say("restart_needed", .medium, "the change of \(changed.joined(separator: ", ")) takes effect at the next start")
    }

    private func say(
        _ name: String, _ severity: Severity, _ message: String, component: String = "house", facts: [(name: String, value: String)] = []
    ) {
        events.emit(
            .system(SystemRecord(time: clock.wall, component: component, name: name, severity: severity, message: message, facts: facts)))
    }
}
