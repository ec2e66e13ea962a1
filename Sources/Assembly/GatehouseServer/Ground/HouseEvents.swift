internal import GatehouseAudit
internal import GatehouseCore
internal import GatehouseMonitor

/// Passes every event to the outputs, and what an auditor asks about to the audit log too. Neither waits for a disk.
struct HouseEvents: EventSink {
    let pipeline: EventPipeline
    let audit: AuditLog?

    func emit(_ event: Event) {
        pipeline.emit(event)
        audit?.emit(event)
    }

    func emit(request: RequestRecord) { pipeline.emit(request: request) }

    func local() -> any EventSink {
        let sink = pipeline.local()
        return audit.map { AuditedEvents(sink: sink, audit: $0) } ?? sink
    }
}

/// The same for one event loop.
private final class AuditedEvents: EventSink {
    private let sink: any EventSink
    private let audit: AuditLog

    init(sink: any EventSink, audit: AuditLog) {
        self.sink = sink
        self.audit = audit
    }

    func emit(_ event: Event) {
        sink.emit(event)
        audit.emit(event)
    }

    func emit(request: RequestRecord) { sink.emit(request: request) }
}
