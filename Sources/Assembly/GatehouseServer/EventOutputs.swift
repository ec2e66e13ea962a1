internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseMonitor
internal import Synchronization

/// Makes the event pipeline of a configuration.
enum EventOutputs {
    static func pipeline(_ settings: Events, clock: any HouseClock) -> EventPipeline {
        EventPipeline(
            outputs: outputs(settings), redactor: redactor(settings.redact), queue: settings.queue, clock: clock)
    }

    /// Says on standard error what nobody may overlook.
    static func complain(_ text: String) { FileHandle.standardError.write(Data("gatehouse: \(text)\n".utf8)) }

    private static func redactor(_ settings: Redaction) -> QueryRedactor {
        QueryRedactor(more: settings.query, headers: settings.headers.map(\.name), facts: settings.fields)
    }

    private static func outputs(_ settings: Events) -> [any EventOutput] {
        let complaints = Complaints()
        var outputs: [any EventOutput] = settings.stdout ? [StandardOutput { complaints.say($0, $1) }] : []
        if let file = settings.file {
            outputs.append(
                RotatingFile(path: file.path.path, mostBytes: file.maxBytes.bytes, keep: file.keep) { complaints.say($0, $1) })
        }
        if let syslog = settings.syslog {
            outputs.append(
                SyslogOutput(
                    host: syslog.address.host, port: syslog.address.port, transport: syslog.transport == .tcp ? .tcp : .udp,
                    facility: syslog.facility
                ) { complaints.say($0, $1) })
        }
        return outputs
    }
}

/// Says on standard error that events were lost, at most once in ten seconds.
private final class Complaints: Sendable {
    private let state = Mutex((count: 0, next: Date.distantPast))

    func say(_ count: Int, _ reason: String) {
        let text: String? = state.withLock { state in
            state.count += count
            guard Date() >= state.next else { return nil }
            defer { state = (0, Date().addingTimeInterval(10)) }
            return "gatehouse: \(state.count) events were lost: \(reason)\n"
        }
        if let text { FileHandle.standardError.write(Data(text.utf8)) }
    }
}
