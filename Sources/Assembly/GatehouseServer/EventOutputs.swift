internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseMonitor

/// Makes the event pipeline of a configuration.
enum EventOutputs {
    static func pipeline(_ settings: Events, clock: any HouseClock) -> EventPipeline {
        let outputs: [any EventOutput] = settings.stdout ? [StandardOutput()] : []
        return EventPipeline(
            outputs: outputs, redactor: QueryRedactor(more: settings.redact.query), queue: settings.queue, clock: clock)
    }
}
