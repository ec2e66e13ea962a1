public import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import GatehouseMonitor
internal import GatehouseProxy

/// A running house: the data plane, the event stream and the admin listener of one configuration.
public final class HouseServer: Sendable {
    private let proxy: ProxyServer
    private let events: EventPipeline
    private let clock = SystemClock()
    private let drainTime: Duration

    /// Makes a configuration ready and starts what it needs; nothing listens yet.
    ///
    /// - Parameter workers: number of event loops.
    /// - Throws: what is wrong with files that the configuration names.
    public init(_ configuration: Configuration, workers: Int) throws {
        let redactor = QueryRedactor(more: configuration.events.redact.query)
        let outputs: [any EventOutput] = configuration.events.stdout ? [StandardOutput()] : []
        events = EventPipeline(outputs: outputs, redactor: redactor, queue: configuration.events.queue, clock: clock)
        let services = ExchangeServices(clock: clock, events: events)
        let house = try House(configuration, guards: GuardAssembly.guards, problems: PlainProblems(), previous: nil)
        proxy = ProxyServer(house, services: services, workers: workers, dataFolder: configuration.data.path)
        drainTime = configuration.timeouts.drain
    }

    /// Opens the listeners.
    public func start(_ configuration: Configuration) async throws { try await proxy.listen(configuration) }

    /// Lets the running requests end, then stops.
    public func stop() async {
        _ = await proxy.drain(within: drainTime)
        events.finish()
    }
}
