public import GatehouseCore

extension AuditLog: EventSink {
    /// Takes what an auditor asks about from the event stream: decisions and what happened to the house. Requests are the access log's.
    public func emit(_ event: Event) {
        switch event {
        case .request, .match: return
        case .decision(let record): append(AuditEvent(record))
        case .system(let record): append(AuditEvent(record))
        }
    }
}

extension AuditEvent {
    init(_ record: DecisionRecord) {
        let (context, decision) = (record.context, record.decision)
        self.init(
            .decision, action: decision.guardName, actor: context.principal.isEmpty ? context.client.description : context.principal,
            subject: "\(context.method) \(context.host)\(context.path)", outcome: decision.outcome.rawValue,
            trace: context.incident.description,
            facts: [
                Fact("rule", decision.rule), Fact("mode", decision.mode.rawValue), Fact("reason", decision.reason),
                Fact("client", context.client.description), Fact("service", context.service), Fact("route", context.route),
            ] + decision.evidence.map { Fact("evidence_" + $0.name, $0.value) },
            time: record.time / 1_000_000)
    }

    init(_ record: SystemRecord) {
        let actor = record.facts.first { $0.name == "user" || $0.name == "actor" }?.value ?? ""
        self.init(
            AuditClass(component: record.component, name: record.name), action: record.name, actor: actor, subject: record.component,
            facts: [Fact("message", record.message)] + record.facts.map { Fact($0.name, $0.value) }, time: record.time / 1_000_000)
    }
}
