internal import Foundation
internal import HTTPWire
internal import StrictJSON
internal import Synchronization

/// A small shop API that makes the mistakes real ones make: stack traces in errors, text glued into SQL, chatty headers, bare cookies,
/// orders that anyone may read.
final class DemoShop: Sendable {
    private struct State {
        var items = [
            "{\"id\":1,\"name\":\"Lantern\",\"price\":39.5}", "{\"id\":2,\"name\":\"Rope\",\"price\":12}",
            "{\"id\":3,\"name\":\"Compass\",\"price\":24.9}",
        ]
        var orders = [
            "{\"id\":17,\"owner\":\"alice\",\"item\":1,\"quantity\":2}", "{\"id\":18,\"owner\":\"bob\",\"item\":3,\"quantity\":1}",
        ]
    }

    private let state = Mutex(State())

    /// Answers a request, carelessly.
    func answer(_ request: LocalRequest) async -> LocalResponse {
        var response = await route(request)
        response.fields += [
            ("server", "DemoShop/1.0 (Linux)"), ("x-powered-by", "Careless 4.2"),
            ("set-cookie", "session=\(Int.random(in: 1000...9999)); Path=/"),
        ]
        return response
    }

    private func route(_ request: LocalRequest) async -> LocalResponse {
        let segments = request.head.path.split(separator: "/").map(String.init)
        switch (request.head.method, segments.first ?? "", segments.count) {
        case (.get, "", 0): return Self.home
        case (.get, "openapi.json", 1): return json(DemoDocument.openAPI)
        case (.get, "items", 1): return json("[\(state.withLock { $0.items }.joined(separator: ","))]")
        case (.get, "items", 2): return item(segments[1])
        case (.get, "orders", 2): return order(segments[1])
        case (.post, "orders", 1): return create(request.body)
        case (.get, "users", 2):
            return json("{\"name\":\"\(segments[1])\",\"email\":\"\(segments[1])@shop.example\",\"password_hash\":\"5f4dcc3b5aa7\"}")
        case (.get, "search", 1): return search(request.head.query ?? "")
        case (.get, "slow", 1):
            try? await Task.sleep(for: .seconds(3))
            return json("{\"slow\":true}")
        case (.get, "crash", 1): return Self.trace
        case (_, "items", 1), (_, "orders", 1): return LocalResponse(status: 405, fields: [("allow", "GET, POST")], "method not allowed")
        default: return LocalResponse(status: 404, mediaType: "application/json", "{\"error\":\"no such path\"}")
        }
    }

    private func item(_ id: String) -> LocalResponse {
        guard let number = Int(id) else { return Self.trace }
        let found = state.withLock { $0.items }.first { $0.hasPrefix("{\"id\":\(number),") }
        return found.map(json) ?? LocalResponse(status: 404, mediaType: "application/json", "{\"error\":\"no such item\"}")
    }

    private func order(_ id: String) -> LocalResponse {
        let found = state.withLock { $0.orders }.first { $0.hasPrefix("{\"id\":\(id),") }
        return found.map(json) ?? LocalResponse(status: 404, mediaType: "application/json", "{\"error\":\"no such order\"}")
    }

    private func create(_ body: [UInt8]) -> LocalResponse {
        guard let order = try? JSONValue(parsing: body), let item = order["item"], let quantity = order["quantity"] else {
            return LocalResponse(status: 400, mediaType: "application/json", "{\"error\":\"not an order\"}")
        }
        let text = state.withLock { state in
            let text =
                "{\"id\":\(19 + state.orders.count),\"owner\":\"alice\",\"item\":\(item.serialized()),\"quantity\":\(quantity.serialized())}"
            if state.orders.count < 10_000 { state.orders.append(text) }
            return text
        }
        var response = json(text)
        response.status = 201
        return response
    }

    /// Glues the search text into SQL and shows the database's complaint.
    private func search(_ query: String) -> LocalResponse {
        let text = (query.split(separator: "&").first { $0.hasPrefix("q=") }?.dropFirst(2)).map(String.init)?.removingPercentEncoding ?? ""
        guard !text.contains("'") else {
            return LocalResponse(
                status: 500, mediaType: "text/html",
                "<h1>SQL error</h1><pre>SQLSTATE[42601]: syntax error at or near \"'\" in SELECT * FROM items WHERE name LIKE '%\(text)%'</pre>"
            )
        }
        let hits = state.withLock { $0.items }.filter { $0.lowercased().contains(text.lowercased()) }
        return json("[\(hits.joined(separator: ","))]")
    }

    private func json(_ body: String) -> LocalResponse { LocalResponse(mediaType: "application/json", body) }

    private static let home = LocalResponse(
        mediaType: "text/html; charset=utf-8",
        """
        <!doctype html><html lang="en"><title>Demo shop</title><h1>Demo shop</h1>
        <ul><li><a href="/items">items</a><li><a href="/orders/17">an order</a><li><a href="/search?q=rope">search</a>
        <li><a href="/crash">a crash</a><li><a href="/openapi.json">its OpenAPI document</a></ul></html>
        """)

    private static let trace = LocalResponse(
        status: 500, mediaType: "text/html",
        """
        <h1>Traceback (most recent call last)</h1><pre>  File "/srv/shop/app/orders.py", line 88, in load
            row = db.execute("SELECT * FROM orders WHERE id = " + id)
          File "/srv/shop/app/db.py", line 12, in execute
            raise OperationalError("could not connect to 10.0.3.7:5432 as shop_admin password=hunter2")
        psycopg2.OperationalError: could not connect to server</pre>
        """)
}
