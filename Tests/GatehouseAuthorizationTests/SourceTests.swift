import GatehouseCore
import GatehouseGuards
import GatehouseTesting
import HTTPWire
import NIOCore
import StrictJSON
import Synchronization
import Testing

@testable import GatehouseAuthorization

@Suite struct SourceTests {
    private static let source = """
              entities:
                http:
                  - url: http://directory.example/{type}/{id}
                    types: [Order]
                    attributes: {owner: /data/owner, id: /data/id}
                    cache: 10s
        """

    private static let routes = """
              routes:
                - {path: '/orders/{id}', methods: [GET, DELETE], action: readOrder, resource: 'Order::"{id}"'}
        """

    @Test func `the owner is looked up in a service, once for a while`() throws {
        let shop = try Shop(
            routes: Self.routes, more: Self.source,
            caller: ScriptedCaller { _ in HTTPReply(status: 200, body: Array(#"{"data":{"owner":"alice","id":17}}"#.utf8)) })
        #expect(shop.status(.delete, "/orders/17", as: caller("alice")) == 0)
        #expect(shop.status(.delete, "/orders/17", as: caller("bob")) == 403)
        #expect(shop.calls.all.map(\.url) == ["http://directory.example/Order/17"])
        shop.house.clock.advance(by: .seconds(11))
        #expect(shop.status(.delete, "/orders/17", as: caller("alice")) == 0)
        #expect(shop.calls.all.count == 2)
    }

    @Test func `an id cannot leave its segment of the service's address`() throws {
        let shop = try Shop(routes: Self.routes, more: Self.source)
        _ = shop.status(.get, "/orders/a%3Fb%23c%25", as: caller("alice"))
        #expect(shop.calls.all.map(\.url) == ["http://directory.example/Order/a%3Fb%23c%25"])
    }

    @Test(arguments: [nil, HTTPReply(status: 500, body: []), HTTPReply(status: 200, body: Array("x".utf8)), HTTPReply(status: 200, body: Array(#"{"data":{"owner":{}}}"#.utf8))])
    func `a source that gives no usable answer refuses, and is asked again`(reply: HTTPReply?) throws {
        let shop = try Shop(routes: Self.routes, more: Self.source, caller: ScriptedCaller { _ in reply })
        #expect(shop.status(.get, "/orders/17", as: caller("alice", roles: ["clerk"])) == 503)
        #expect(shop.status(.get, "/orders/17", as: caller("alice", roles: ["clerk"])) == 503)
        #expect(shop.calls.all.count == 2)
        #expect(shop.recorder.rules == ["entity_source", "entity_source"])
    }

    @Test func `what the source does not have is nobody's`() throws {
        let shop = try Shop(routes: Self.routes, more: Self.source, caller: ScriptedCaller { _ in HTTPReply(status: 404, body: []) })
        #expect(shop.status(.get, "/orders/17", as: caller("alice")) == 403)
        #expect(shop.systemEvents.isEmpty)
    }

    // MARK: A remote decision point

    private static let remote = """
              pdp: {url: 'https://pdp.example', cache: 10s}
        """

    private static func deciding(_ decide: @escaping @Sendable (JSONValue) -> Bool) -> ScriptedCaller {
        ScriptedCaller { call in
            let body = (try? JSONValue(parsing: call.body)) ?? .null
            return HTTPReply(status: 200, body: Array(#"{"decision":\#(decide(body))}"#.utf8))
        }
    }

    @Test func `a remote decision point decides in place of policies, with everything in the key of its cache`() throws {
        let shop = try Shop(routes: Self.routes, more: Self.remote, caller: Self.deciding { $0["subject"]?["id"]?.string == "https://id.example|alice" && $0["resource"]?["id"]?.string == "17" })
        #expect(shop.status(.get, "/orders/17", as: caller("alice")) == 0)
        #expect(shop.status(.get, "/orders/17", as: caller("alice")) == 0)
        #expect(shop.calls.all.count == 1)
        #expect(shop.calls.all[0].url == "https://pdp.example/access/v1/evaluation")
        // each of these differs in one thing that the decision saw
        #expect(shop.status(.get, "/orders/18", as: caller("alice")) == 403)
        #expect(shop.status(.get, "/orders/17", as: caller("alice", issuer: "https://b.example")) == 403)
        #expect(shop.status(.delete, "/orders/17", as: caller("alice")) == 0)
        #expect(shop.status(.get, "/orders/17", as: caller("alice", roles: ["clerk"])) == 0)
        #expect(shop.status(.get, "/orders/17", as: caller("alice") { $0.scopes = ["a"] }) == 0)
        #expect(shop.status(.get, "/orders/17", as: caller("alice") { $0.authenticationContext = "phr" }) == 0)
        #expect(shop.calls.all.count == 7)
        shop.house.clock.advance(by: .seconds(11))
        #expect(shop.status(.get, "/orders/17", as: caller("alice")) == 0)
        #expect(shop.calls.all.count == 8)
    }

    @Test(arguments: [
        nil, HTTPReply(status: 500, body: Array(#"{"decision":true}"#.utf8)), HTTPReply(status: 200, body: Array(#"{"decision":"true"}"#.utf8)), HTTPReply(status: 200, body: Array("{}".utf8)),
        HTTPReply(status: 200, body: Array(#"{"decision":true,"decision":false}"#.utf8)),
    ])
    func `a decision point without a decision refuses`(reply: HTTPReply?) throws {
        let shop = try Shop(routes: Self.routes, more: Self.remote, caller: ScriptedCaller { _ in reply })
        #expect(shop.status(.get, "/orders/17", as: caller("alice")) == 503)
        #expect(shop.recorder.rules == ["pdp"])
    }
}
