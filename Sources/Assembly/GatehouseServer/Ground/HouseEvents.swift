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
}
