import GatehouseCore
import GatehouseGuards
import GatehouseTesting
import HTTPWire
internal import NIOCore
import StrictJSON
import Testing

@testable import GatehouseAuthorization

@Suite struct AnswerTests {
    private static let order = #"{"id":17,"owner":"alice","margin":4.50,"quantity":2}"#

    /// What a caller gets of an answer: status and body.
    private func get(
        _ shop: Shop, _ target: String, as identity: CallerIdentity, _ body: String, status: Int = 200, _ type: String = "application/json",
        fields: KeyValuePairs<String, String> = [:]
    ) -> String {
        let (exchange, outcome) = shop.ask(.get, target, as: identity)
        if let refusal = outcome.refusal { return "\(refusal.problem.status) before" }
        var all: [(String, String)] = [("content-type", type)]
        for (name, value) in fields { all.append((name, value)) }
        let answered = shop.answer(exchange, status: status, all, body: Array(body.utf8))
        if let refusal = answered.refusal { return "\(refusal.problem.status)" }
        return "\(exchange.response.status) \(String(buffer: exchange.responseBody))"
    }

    @Test func `an order of somebody else is refused although the gateway did not know its owner`() throws {
        let shop = try Shop()
        #expect(get(shop, "/orders/17", as: caller("alice"), Self.order) == #"200 {"id":17,"owner":"alice","quantity":2}"#)
        #expect(get(shop, "/orders/17", as: caller("bob"), Self.order) == "403")
        #expect(get(shop, "/orders/17", as: caller("bob", roles: ["clerk"]), Self.order) == "200 " + Self.order)
    }

    @Test(arguments: [
        ("not JSON", "text/plain"), ("{\"owner\":\"alice\"", "application/json"), ("{\"owner\":\"bob\",\"owner\":\"alice\"}", "application/json"),
        ("{}", "application/json"), ("[]", "application/json"), ("{\"owner\":null}", "application/json"), ("", "application/json"),
        (#"{"Owner":"alice"}"#, "application/json"),
    ])
    func `an answer that does not tell its owner is refused`(body: String, type: String) throws {
        let shop = try Shop()
        #expect(get(shop, "/orders/17", as: caller("alice"), body, type) == "403")
    }

    @Test func `an answer that is encoded, partial or only a confirmation is refused`() throws {
        let shop = try Shop()
        #expect(get(shop, "/orders/17", as: caller("alice"), Self.order, fields: ["content-encoding": "gzip"]) == "403")
        #expect(get(shop, "/orders/17", as: caller("alice"), Self.order, status: 206) == "403")
        #expect(get(shop, "/orders/17", as: caller("alice"), "", status: 304) == "403")
    }

    @Test func `errors of the backend go on`() throws {
        let shop = try Shop()
        #expect(get(shop, "/orders/99", as: caller("alice"), "{}", status: 404).hasPrefix("404 "))
    }

    @Test func `what would bring a part of an answer is taken off the request`() throws {
        let shop = try Shop()
        let (exchange, outcome) = shop.ask(
            .get, "/orders/17", as: caller("alice"), ["range": "bytes=0-1", "if-none-match": "x", "accept-encoding": "gzip", "accept": "a/b"])
        #expect(outcome.isPass)
        #expect(exchange.request.fields.texts == ["host: shop.example", "accept: a/b"])
    }

    @Test func `HEAD and upgrades of a route whose answer decides are refused, unless the request alone decides`() throws {
        let shop = try Shop()
        #expect(shop.status(.head, "/orders/17", as: caller("alice")) == 403)
        #expect(shop.ask(.get, "/orders/17", as: caller("alice"), ["upgrade": "websocket"]).outcome.refusal?.problem.status == 403)
        #expect(shop.status(.head, "/orders/17", as: caller("alice", roles: ["clerk"])) == 0)
    }

    @Test func `whoever no policy could permit is refused before the backend is asked`() throws {
        let shop = try Shop(policies: "permit(principal in Role::\"clerk\", action == Action::\"readOrder\", resource) when { resource.owner == \"x\" };")
        #expect(get(shop, "/orders/17", as: caller("alice"), Self.order) == "403 before")
    }

    @Test func `elements of a list that may not be seen are removed`() throws {
        let routes = """
                  routes:
                    - path: /orders
                      methods: [GET]
                      action: listItems
                      response:
                        items:
                          - at: /orders/*
                            resource: 'Order::"{/id}"'
                            action: readOrder
                            attributes: {owner: /owner}
                            fields: [{at: /margin, action: readMargin}]
            """
        let shop = try Shop(routes: routes)
        let body = #"{"orders":[{"id":1,"owner":"bob","margin":1},{"id":2,"owner":"alice","margin":1.50},{"id":3},"x"],"total":4}"#
        #expect(get(shop, "/orders", as: caller("alice"), body) == #"200 {"orders":[{"id":2,"owner":"alice"}],"total":4}"#)
        #expect(
            get(shop, "/orders", as: caller("carl", roles: ["clerk"]), body)
                == #"200 {"orders":[{"id":1,"owner":"bob","margin":1},{"id":2,"owner":"alice","margin":1.50},{"id":3}],"total":4}"#)
    }

    @Test func `the owner in the file wins over the answer`() throws {
        let entities = #"[{"uid":{"type":"Order","id":"17"},"attrs":{"id":"17","owner":"bob"},"parents":[]}]"#
        let shop = try Shop(more: "      entities: entities.json", files: ["entities.json": entities])
        #expect(get(shop, "/orders/17", as: caller("alice"), Self.order) == "403 before")
        #expect(get(shop, "/orders/17", as: caller("bob"), Self.order).hasPrefix("200"))
    }

    @Test func `in report nothing of an answer is changed`() throws {
        let shop = try Shop(mode: .report)
        #expect(get(shop, "/orders/17", as: caller("bob"), Self.order) == "200 " + Self.order)
        #expect(shop.recorder.rules == ["no_permit"])
    }

    @Test(arguments: ["[PUT]", "[GET, DELETE]"])
    func `attributes of an answer that comes too late are an error`(methods: String) throws {
        #expect(throws: (any Error).self) { try Shop(routes: Shop.routes.replacing("methods: [GET]\n          action: readOrder", with: "methods: \(methods)\n          action: readOrder")) }
    }
}

extension Shop {
    func answer(_ exchange: Exchange, status: Int, _ fields: [(String, String)], body: [UInt8]) -> GuardChain.Outcome {
        exchange.origin = .upstream
        exchange.response = ResponseHead(status: status)
        exchange.response.framing = body.isEmpty ? .none : .length(body.count)
        for (name, value) in fields { exchange.response.fields.append(name, value) }
        var outcome = GuardChain.responseHead(exchange)
        exchange.responseBody.clear()
        exchange.responseBody.writeBytes(body)
        if case .pass = outcome, let demand = exchange.responseBodyDemand, !body.isEmpty {
            if body.count > demand.limit, demand.refusesLonger { return .refuse(Refusal(Problem(status: 502), rule: "long", reason: ""), guardName: "wire") }
            outcome = GuardChain.responseBody(exchange)
        }
        return outcome
    }
}
