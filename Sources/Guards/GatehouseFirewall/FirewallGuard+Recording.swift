internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire

/// What is kept of requests, so that they can be judged again.
extension FirewallGuard {
    /// Keeps the beginning of a body for the record.
    func keepForRecord(_ body: [UInt8], _ run: FirewallRun, _ exchange: Exchange) {
        guard settings.record != .none else { return }
        let limit = settings.recordBodyLimit.bytes
        run.recordedBody = Array(body.prefix(limit))
        run.isRecordedBodyWhole = body.count <= limit && !exchange.requestBodyIsBeginning
    }

    /// The request as it is kept.
    func recorded(_ run: FirewallRun, _ exchange: Exchange) -> RecordedRequest {
        let head = exchange.request
        guard head.wire.isEmpty else {
            let raw = RawRequest(head.wire)
            return RecordedRequest(
                method: text(raw.method), target: text(raw.target), version: text(raw.version),
                fields: raw.headers.map { (text($0.name), text($0.value)) }, body: run.recordedBody, isBodyWhole: run.isRecordedBodyWhole)
        }
        return RecordedRequest(
            method: head.method.name, target: head.targetText, version: HeadFeeder.version(head.version),
            fields: (0..<head.fields.count).map { (head.fields.name(at: $0), head.fields.value(at: $0)) }, body: run.recordedBody,
            isBodyWhole: run.isRecordedBodyWhole)
    }

    /// Emits a request that nothing was found against.
    func recordRequest(_ run: FirewallRun, _ exchange: Exchange) {
        exchange.record(
            Decision(
                guardName: name, rule: "recorded", outcome: .pass, mode: settings.mode, reason: "request is kept", severity: .informational,
                details: DecisionDetails(request: recorded(run, exchange))))
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
