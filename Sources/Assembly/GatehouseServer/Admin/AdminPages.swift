internal import GatehouseAudit
internal import GatehouseMonitor
internal import GatehouseProxy
internal import GatehouseValidation
internal import StrictJSON

/// What the admin listener answers.
struct AdminPages: Sendable {
    let proxy: ProxyServer
    let events: EventPipeline
    let documents: OpenAPILibrary
    let audit: AuditLog?

    private static let safe = [("cache-control", "no-store"), ("x-content-type-options", "nosniff")]

    /// The page of a path.
    func page(_ path: String, isReady: Bool) async -> LocalResponse {
        switch path {
        case "/healthz": return LocalResponse(fields: Self.safe, "ok\n")
        case "/readyz": return await readiness(isReady)
        case "/metrics":
            let text = MetricsText.text(
                await proxy.snapshot(), lostEvents: events.lost, audit: audit?.status, more: OpenAPIMetrics.lines(documents.traffic))
            return LocalResponse(mediaType: "application/openmetrics-text; version=1.0.0; charset=utf-8", fields: Self.safe, text)
        case "/openapi/traffic":
            let services = JSONValue.array(documents.traffic.map(\.snapshot.json))
            return LocalResponse(mediaType: "application/json", fields: Self.safe, services.serialized(.pretty) + "\n")
        default: return LocalResponse(status: 404, fields: Self.safe, "pages: /healthz /readyz /metrics /openapi/traffic\n")
        }
    }

    private func readiness(_ isReady: Bool) async -> LocalResponse {
        guard isReady else { return LocalResponse(status: 503, fields: Self.safe, "draining\n") }
        let down = await proxy.snapshot().backends.filter { !$0.isHealthy }
        guard down.isEmpty else {
            let text = down.map { "backend `\($0.name)` of `\($0.service)` is down\n" }.joined()
            return LocalResponse(status: 503, fields: Self.safe, text)
        }
        return LocalResponse(fields: Self.safe, "ready\n")
    }
}
