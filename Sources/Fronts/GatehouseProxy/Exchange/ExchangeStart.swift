internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire

/// Makes exchanges from heads that a front has read.
enum ExchangeStart {
    /// The runner for a request; the caller starts it.
    static func runner(
        _ head: consuming RequestHead, on front: any FrontStream, _ connection: ConnectionFacts, startedAt: Int64, _ context: LoopContext
    ) -> ExchangeRunner {
        let destination = context.house.destinations.destination(for: head)
        let trace = trace(of: head, context)
        let exchange = Exchange(
            request: head, connection: connection, route: destination.route, incident: IncidentID(using: &context.identifiers),
            trace: trace, startedAt: startedAt, services: context.services)
        exchange.eventLoop = context.loop
        ForwardedFields.resolveClient(exchange, trusted: context.house.trustedProxies)
        return ExchangeRunner(context: context, front: front, exchange: exchange, destination: destination)
    }

    private static func trace(of head: borrowing RequestHead, _ context: LoopContext) -> TraceContext {
        if let index = head.fields.firstIndex(of: .traceparent), head.fields.count(of: .traceparent) == 1,
            let given = TraceContext(traceparent: head.fields.valueBytes(at: index))
        {
            return given.child(using: &context.identifiers)
        }
        return TraceContext(using: &context.identifiers)
    }
}
