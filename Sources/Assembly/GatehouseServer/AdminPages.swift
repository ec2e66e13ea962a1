internal import GatehouseMonitor
internal import GatehouseProxy

/// What the admin listener answers.
struct AdminPages: Sendable {
    let proxy: ProxyServer
    let events: EventPipeline

    /// One answer.
    struct Page: Sendable {
        var status = 200
        var mediaType = "text/plain; charset=utf-8"
        var body: String
    }

    /// The page of a path.
    func page(_ path: String, isReady: Bool) async -> Page {
        switch path {
        case "/healthz": return Page(body: "ok\n")
        case "/readyz": return await readiness(isReady)
        case "/metrics":
            let text = MetricsText.text(await proxy.snapshot(), lostEvents: events.lost)
            return Page(mediaType: "application/openmetrics-text; version=1.0.0; charset=utf-8", body: text)
        default: return Page(status: 404, body: "pages: /healthz /readyz /metrics\n")
        }
    }

    private func readiness(_ isReady: Bool) async -> Page {
        guard isReady else { return Page(status: 503, body: "draining\n") }
        let down = await proxy.snapshot().backends.filter { !$0.isHealthy }
        guard down.isEmpty else {
            return Page(status: 503, body: down.map { "backend `\($0.name)` of `\($0.service)` is down\n" }.joined())
        }
        return Page(body: "ready\n")
    }
}
