internal import Atomics
import GatehouseConfiguration
import GatehouseCore
import GatehouseGuards
import HTTPWire
import Testing

@testable import GatehouseProxy

@Suite struct BalancerTests {
    @Test func takesTurnsByWeight() throws {
        let members = try members([3, 1])
        let balancer = Balancer(members, .roundRobin)
        let picks = try (0..<8).map { _ in try #require(balancer.pick(for: exchange(), excluding: [], now: 0)).id }
        #expect(picks.count { $0 == members[0].id } == 6)
        #expect(picks.count { $0 == members[1].id } == 2)
    }

    @Test func takesTheLeastBusyForItsWeight() throws {
        let members = try members([1, 1])
        members[0].activeRequests.store(5, ordering: .relaxed)
        let balancer = Balancer(members, .leastRequests)
        for _ in 0..<4 { #expect(balancer.pick(for: exchange(), excluding: [], now: 0)?.id == members[1].id) }
    }

    @Test func keepsAKeyOnItsMemberAndMovesOnlyTheKeysOfAMemberThatIsDown() throws {
        let members = try members([1, 1, 1])
        let balancer = Balancer(members, .hash(.header(try #require(FieldName("x-user")))))
        let before = try (0..<200).map { try #require(balancer.pick(for: exchange(user: "u\($0)"), excluding: [], now: 0)).id }
        #expect(Set(before).count == 3)
        members[0].isHealthy.store(false, ordering: .relaxed)
        for (number, old) in before.enumerated() {
            let new = try #require(balancer.pick(for: exchange(user: "u\(number)"), excluding: [], now: 0)).id
            #expect(old == members[0].id ? new != old : new == old)
        }
    }

    @Test func passesOverEjectedMembersUnlessAllAre() throws {
        let members = try members([1, 1])
        let balancer = Balancer(members, .roundRobin)
        members[0].ejectedUntil.store(100, ordering: .relaxed)
        #expect(balancer.pick(for: exchange(), excluding: [], now: 50)?.id == members[1].id)
        members[1].ejectedUntil.store(100, ordering: .relaxed)
        #expect(balancer.pick(for: exchange(), excluding: [], now: 50) != nil)
        for member in members { member.isHealthy.store(false, ordering: .relaxed) }
        #expect(balancer.pick(for: exchange(), excluding: [], now: 500) == nil)
    }

    @Test func boundsRetriesToAShareOfRequests() {
        let budget = RetryBudget(percent: 20)
        while budget.withdraw() {}
        for _ in 0..<5 { budget.deposit() }
        #expect(budget.withdraw())
        #expect(!budget.withdraw())
    }

    private func members(_ weights: [Int]) throws -> [Member] {
        try weights.enumerated().map { index, weight in
            var upstream = Upstream()
            upstream.url = UpstreamURL(scheme: .http, endpoint: try #require(Endpoint(text: "127.0.0.1:\(4000 + index)")))
            upstream.weight = weight
            return Member(upstream)
        }
    }

    private func exchange(user: String = "") -> Exchange {
        var head = RequestHead()
        head.fields.append("x-user", user)
        return Exchange(
            request: head, connection: ConnectionFacts(peer: IPAddress(v4: 1), peerPort: 1, localPort: 1),
            route: Route(service: "", name: "", guards: [], bodyLimit: 0), incident: IncidentID(bits: 1),
            trace: TraceContext(traceID: 1, spanID: 1, isSampled: false), startedAt: 0,
            services: ExchangeServices(clock: SystemClock(), events: NoEvents()))
    }
}

private struct NoEvents: EventSink {
    func emit(_ event: Event) {}
}

@Suite struct ForwardedReaderTests {
    @Test(
        "reads the hops that earlier proxies name",
        arguments: [
            ("forwarded", "for=192.0.2.43, for=\"[2001:db8::1]:4711\";proto=https;by=10.0.0.1", ["192.0.2.43", "2001:db8::1"]),
            ("forwarded", "for=unknown", ["-"]), ("x-forwarded-for", "192.0.2.1, 198.51.100.2", ["192.0.2.1", "198.51.100.2"]),
            ("x-forwarded-for", "192.0.2.1:5000", ["192.0.2.1"]), ("x-forwarded-for", "nonsense", ["-"]),
        ])
    func reads(_ name: String, _ value: String, _ expected: [String]) {
        var fields = FieldBlock()
        fields.append(name, value)
        #expect(ForwardedReader.hops(fields).map { $0.address?.description ?? "-" } == expected)
    }
}
