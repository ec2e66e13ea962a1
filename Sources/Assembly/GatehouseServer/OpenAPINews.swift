internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseValidation
internal import OpenAPI
internal import Synchronization

/// Says in the stream of events what the documents in use are, and once a minute what they did.
final class OpenAPINews: Sendable {
    private let documents: OpenAPILibrary
    private let events: any EventSink
    private let clock: any HouseClock
    private let told = Mutex<[ObjectIdentifier: TrafficCounts]>([:])
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(_ documents: OpenAPILibrary, events: any EventSink, clock: any HouseClock) {
        self.documents = documents
        self.events = events
        self.clock = clock
    }

    /// Names the documents of a configuration and the modes in force.
    func announce(_ configuration: Configuration) {
        for service in configuration.services {
            let settings = service.guards.openAPI
            guard settings.requests != .off || settings.responses != .off,
                let document = try? documents.document(settings, service: service.name)
            else { continue }
            let validator = document.validator
            let count = validator.operations.count
            let until = settings.reportUntil.map { ", only reported until \($0)" } ?? ""
            say(
                "in_use",
                "`\(service.name)` follows `\(document.traffic.file)`, \(count) operation\(count == 1 ? "" : "s") of `\(validator.title)`: "
                    + "requests \(settings.requests.rawValue), answers \(settings.responses.rawValue)\(until)")
            for warning in validator.warnings.prefix(20) { say("warning", "\(warning)") }
        }
    }

    /// Begins to tell, once a minute, what has changed since it was told last.
    func start() {
        let running = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(60))
                if !Task.isCancelled { tell() }
            }
        }
        task.withLock { $0 = running }
    }

    /// Tells a last time.
    func stop() {
        task.withLock { $0 }?.cancel()
        tell()
    }

    private func tell() {
        for traffic in documents.traffic {
            let counts = traffic.counts
            let before = told.withLock { $0.updateValue(counts, forKey: ObjectIdentifier(traffic)) }
            if counts != before ?? TrafficCounts() { say("traffic", traffic.snapshot.sentence) }
        }
    }

    private func say(_ name: String, _ message: String) {
        events.emit(
            .system(SystemRecord(time: clock.wall, component: "openapi", name: name, severity: .informational, message: message)))
    }
}
