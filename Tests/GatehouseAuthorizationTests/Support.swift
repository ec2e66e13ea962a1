import Foundation
import GatehouseConfiguration
import GatehouseCore
import GatehouseGuards
import GatehouseTesting
import HTTPWire
import NIOCore
import NIOEmbedded
import StrictJSON
import Synchronization

@testable import GatehouseAuthorization

/// A shop's files, its authorization section, and a house with its guard.
final class Shop {
    let folder: String
    let recorder = EventRecorder()
    let lines = LineKeeper()
    let calls: ScriptedCaller
    let runtime: AuthorizationRuntime
    let loop = EmbeddedEventLoop()
    private(set) var house: TestHouse

    static let schema = """
        entity Role;
        entity Route;
        entity User in [Role] = { subject: String, email?: String };
        entity Order = { id: String, owner: String };
        entity Item = { id: Long };
        action listItems, readItem, GET appliesTo { principal: User, resource: [Route, Item], context: {} };
        action placeOrder appliesTo { principal: User, resource: Route, context: { scopes: Set<String>, acr?: String } };
        action readOrder, cancelOrder, readMargin appliesTo { principal: User, resource: Order, context: { address: ipaddr } };
        """

    static let policies = """
        @id("everyone-reads") permit(principal, action in [Action::"listItems", Action::"readItem"], resource);
        @id("owners-read") permit(principal, action == Action::"readOrder", resource) when { resource.owner == principal.subject };
        @id("clerks-read") permit(principal in Role::"clerk", action in [Action::"readOrder", Action::"readMargin"], resource);
        @id("customers-order") permit(principal, action == Action::"placeOrder", resource);
        @id("strong-login") @step_up_acr("phr") @step_up_max_age("300")
        forbid(principal, action == Action::"placeOrder", resource) unless { context has acr && context.acr == "phr" };
        @id("write-scope") @scope("orders:write")
        forbid(principal, action == Action::"placeOrder", resource) unless { context.scopes.contains("orders:write") };
        """

    static let routes = """
              routes:
                - {path: /items, methods: [GET], action: listItems}
                - {path: '/items/{id}', methods: [GET], action: readItem, resource: 'Item::"{id}"'}
                - {path: /orders, methods: [POST], action: placeOrder}
                - path: '/orders/{id}'
                  methods: [GET]
                  action: readOrder
                  resource: 'Order::"{id}"'
                  response:
                    attributes: {owner: /owner}
                    fields: [{at: /margin, action: readMargin}]
        """

    /// - Parameter more: YAML lines of the section, eight spaces deep.
    init(
        policies: String = Shop.policies, schema: String = Shop.schema, routes: String = Shop.routes, more: String = "",
        files: [String: String] = [:], mode: GuardMode = .enforce, caller: ScriptedCaller = ScriptedCaller { _ in nil }
    ) throws {
        folder = NSTemporaryDirectory() + "authorization-\(UUID().uuidString)"
        calls = caller
        let lines = lines
        let clock = FakeClock()
        runtime = AuthorizationRuntime(caller: caller, clock: clock, events: recorder) { _ in lines }
        house = TestHouse([], clock: clock)
        try FileManager.default.createDirectory(atPath: folder + "/policies", withIntermediateDirectories: true)
        try write(["policies/shop.cedar": policies, "schema.cedarschema": schema].merging(files) { $1 })
        house = try make(routes: routes, more: more, mode: mode, clock: clock)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ files: [String: String]) throws {
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
    }

    /// Reads the files again.
    func reload(routes: String = Shop.routes, more: String = "") throws {
        house = try make(routes: routes, more: more, mode: .enforce, clock: house.clock)
    }

    private func make(routes: String, more: String, mode: GuardMode, clock: FakeClock) throws -> TestHouse {
        let decider = more.contains("pdp:") ? "" : "      policies: policies\n      schema: schema.cedarschema\n"
        let text = """
            services:
              - name: shop
                upstream: http://127.0.0.1:3000
                authorization:
            \(decider)\(routes)
            \(more)
            """
        let loaded = try ConfigurationLoader(file: folder + "/gatehouse.yaml").load(Array(text.utf8))
        guard let settings = loaded.configuration.services[0].authorization else { throw AuthorizationFault("no section") }
        let value = try runtime.guarding(AuthorizationRuntime.Subject(service: "shop", settings: settings), mode: mode)
        return TestHouse([value], mode: mode, clock: clock, recorder: recorder)
    }

    /// A request of a caller.
    func ask(
        _ method: HTTPMethod = .get, _ target: String, as caller: CallerIdentity?, _ fields: KeyValuePairs<String, String> = [:]
    ) -> (exchange: Exchange, outcome: GuardChain.Outcome) {
        let exchange = house.exchange(method, target, fields)
        exchange.identity = caller
        exchange.eventLoop = loop
        return (exchange, settled(house.request(exchange)))
    }

    /// The status that a request ends with; 0 where it passes to the backend.
    func status(_ method: HTTPMethod = .get, _ target: String, as caller: CallerIdentity?) -> Int {
        ask(method, target, as: caller).outcome.refusal?.problem.status ?? 0
    }

    /// Lets the loop run until an outcome that waits is there.
    func settled(_ outcome: GuardChain.Outcome) -> GuardChain.Outcome {
        guard case .wait(let future) = outcome else { return outcome }
        let result = Result<GuardChain.Outcome, any Error>.Slot()
        future.assumeIsolated().whenComplete { result.value = $0 }
        loop.run()
        return (try? result.value?.get()) ?? outcome
    }
}

extension Result {
    final class Slot { var value: Result<Success, Failure>? }
}

/// Keeps the lines of a decision log.
final class LineKeeper: DecisionOutput {
    private let kept = Mutex<[UInt8]>([])
    func write(_ lines: [UInt8]) { kept.withLock { $0 += lines } }
    func close() {}
    var values: [JSONValue] {
        kept.withLock { $0 }.split(separator: UInt8(ascii: "\n")).compactMap { try? JSONValue(parsing: Array($0)) }
    }
}

/// Answers calls by a script, at once.
final class ScriptedCaller: HTTPCaller {
    private let script: @Sendable (HTTPCall) -> HTTPReply?
    private let made = Mutex<[HTTPCall]>([])
    init(_ script: @escaping @Sendable (HTTPCall) -> HTTPReply?) { self.script = script }
    var all: [HTTPCall] { made.withLock { $0 } }

    func call(_ call: HTTPCall, on loop: any EventLoop) -> EventLoopFuture<HTTPReply> {
        made.withLock { $0.append(call) }
        guard let reply = script(call) else { return loop.makeFailedFuture(HTTPCallFailure("it did not answer")) }
        return loop.makeSucceededFuture(reply)
    }
}

func caller(_ subject: String, issuer: String = "https://id.example", roles: [String] = [], _ change: (inout CallerIdentity) -> Void = { _ in }) -> CallerIdentity {
    var identity = CallerIdentity(issuer: issuer, subject: subject, credential: .bearer)
    identity.roles = roles
    change(&identity)
    return identity
}
