import GatehouseConfiguration
import GatehouseCore
import GatehouseTesting
import HTTPWire
import Testing

@testable import GatehouseGuards

@Suite struct RateLimitGuardTests {
    private func limit(
        _ name: String = "a", _ rate: String? = "60/1m", burst: Int? = nil, key: [RateLimitKey] = [.client], concurrency: Int? = nil
    ) -> RateLimit {
        var limit = RateLimit()
        limit.name = name
        limit.key = key
        limit.rate = rate.flatMap { Rate(text: $0) }
        limit.burst = burst
        limit.concurrency = concurrency
        return limit
    }

    private func house(_ limits: [RateLimit], store: LocalCounterStore = LocalCounterStore(), mode: GuardMode = .enforce) -> TestHouse {
        var settings = RateLimitGuardSettings()
        settings.limits = limits
        settings.maxKeys = 10_000
        return TestHouse([RateLimitGuard(settings, store: store)], mode: mode)
    }

    private func passes(_ house: TestHouse, client: String = "192.0.2.1", _ fields: KeyValuePairs<String, String> = [:]) -> Bool {
        house.request(house.exchange(.get, "/", fields, client: client)).isPass
    }

    @Test func asManyAsTheBurstPassAtOnceAndThenAnEvenFlow() {
        let house = house([limit(burst: 3)])
        #expect((0..<5).map { _ in passes(house) } == [true, true, true, false, false])
        house.clock.advance(by: .milliseconds(999))
        #expect(!passes(house))
        house.clock.advance(by: .milliseconds(1))
        #expect(passes(house))
        #expect(!passes(house))
        house.clock.advance(by: .seconds(100))
        #expect((0..<4).map { _ in passes(house) } == [true, true, true, false])
    }

    /// The example of docs/testing-guards.md.
    @Test func theThirdRequestOfASecondIsRefused() {
        var limit = RateLimit()
        limit.name = "few"
        limit.rate = Rate(text: "2/s")
        var settings = RateLimitGuardSettings()
        settings.limits = [limit]
        let house = TestHouse([RateLimitGuard(settings, store: LocalCounterStore())])

        #expect(house.request(house.exchange(.get, "/items")).isPass)
        #expect(house.request(house.exchange(.get, "/items")).isPass)
        #expect(house.request(house.exchange(.get, "/items")).refusal?.problem.status == 429)
        #expect(house.recorder.rules == ["few"])

        house.clock.advance(by: .seconds(1))
        #expect(house.request(house.exchange(.get, "/items")).isPass)
    }

    @Test func aRefusalSaysWhenToComeBack() {
        let house = house([limit(burst: 1)])
        #expect(passes(house))
        let exchange = house.exchange()
        let outcome = house.finish(exchange, house.request(exchange))
        #expect(outcome.refusal?.problem.status == 429)
        #expect(
            exchange.response.fields.texts == [
                "retry-after: 1", "ratelimit-policy: \"a\";q=60;w=60", "ratelimit: \"a\";r=0;t=1",
            ])
        #expect(house.recorder.rules == ["a"])
    }

    @Test func aPassSaysWhatIsLeft() {
        let house = house([limit(burst: 10), limit("b", "5/1h", key: [.route])])
        let exchange = house.exchange()
        house.request(exchange)
        house.answer(exchange, ["ratelimit": "\"theirs\";r=1"])
        #expect(
            exchange.response.fields.texts == [
                "ratelimit-policy: \"a\";q=60;w=60, \"b\";q=5;w=3600",
                "ratelimit: \"a\";r=9;t=1, \"b\";r=4;t=720, \"theirs\";r=1",
            ])
    }

    @Test func severalLimitsHoldTogetherAndARefusedRequestCountsForNone() {
        let house = house([limit(burst: 5), limit("b", "1/1h", key: [.client])])
        #expect(passes(house))
        for _ in 0..<10 { #expect(!passes(house)) }
        house.clock.advance(by: .seconds(3600))
        #expect(passes(house))
    }

    @Test func neighboursShareANetworksLimit() {
        let house = house([limit(burst: 1, key: [.clientNetwork])])
        #expect(passes(house, client: "192.0.2.1"))
        #expect(!passes(house, client: "192.0.2.254"))
        #expect(passes(house, client: "192.0.3.1"))
        #expect(passes(house, client: "2001:db8:0:aa00::1"))
        #expect(!passes(house, client: "2001:db8:0:aaff::9"))
        #expect(passes(house, client: "2001:db8:0:ab00::1"))
    }

    @Test func howWideANetworkIsCanBeSet() {
        var settings = RateLimitGuardSettings()
        settings.limits = [limit(burst: 1, key: [.clientNetwork])]
        settings.clientNetworkV4 = 16
        let house = TestHouse([RateLimitGuard(settings, store: LocalCounterStore())])
        #expect(passes(house, client: "192.0.2.1"))
        #expect(!passes(house, client: "192.0.99.1"))
    }

    @Test func leavingTheFieldOutIsNoWayAround() {
        let house = house([limit(burst: 1, key: [.header(FieldName("x-tenant")!)])])
        #expect(passes(house, ["x-tenant": "a"]))
        #expect(!passes(house, ["x-tenant": "a"]))
        #expect(passes(house, ["x-tenant": "b"]))
        #expect(passes(house))
        #expect(!passes(house, client: "192.0.2.77"))
    }

    @Test func partsOfACombinedKeyDoNotRunIntoEachOther() {
        let house = house([limit(burst: 1, key: [.header(FieldName("a")!), .header(FieldName("b")!)])])
        #expect(passes(house, ["a": "xy", "b": "z"]))
        #expect(passes(house, ["a": "x", "b": "yz"]))
        #expect(!passes(house, ["a": "xy", "b": "z"]))
    }

    @Test func usersAreToldApart() {
        let house = house([limit(burst: 1, key: [.user])])
        for (user, isThrough) in [("ann", true), ("ann", false), ("bob", true)] {
            let exchange = house.exchange()
            exchange.principal = user
            #expect(house.request(exchange).isPass == isThrough)
        }
    }

    @Test func requestsUnderWayAreBoundedAndFreedAtTheEnd() {
        let store = LocalCounterStore()
        let house = house([limit("slow", nil, concurrency: 2)], store: store)
        let exchanges = (0..<3).map { _ in house.exchange() }
        #expect(exchanges.map { house.request($0).isPass } == [true, true, false])
        house.end(exchanges[2])
        house.end(exchanges[0])
        house.end(exchanges[0])
        #expect(passes(house))
        #expect(!passes(house))
    }

    @Test func inReportNothingIsRefusedButAllIsRecorded() {
        let house = house([limit(burst: 1)], mode: .report)
        #expect((0..<3).map { _ in passes(house) } == [true, true, true])
        #expect(house.recorder.rules == ["a", "a"])
    }

    @Test func countersSurviveAReload() {
        let store = LocalCounterStore()
        let old = house([limit(burst: 1)], store: store)
        #expect(passes(old))
        let new = house([limit(burst: 1)], store: store)
        #expect(!passes(new))
    }

    @Test func aLimitThatIsGoneGivesItsRoomBack() {
        let store = LocalCounterStore()
        do {
            let house = house([limit()], store: store)
            #expect(passes(house))
            #expect(store.byteCount > 0)
        }
        #expect(store.byteCount == 0)
    }

    @Test func limitsByCallerComeAfterAuthentication() {
        var settings = RateLimitGuardSettings()
        settings.limits = [limit(), limit("b", key: [.user])]
        let store = LocalCounterStore()
        let before = RateLimitGuard(settings, store: store, stage: .beforeAuthentication)
        let after = RateLimitGuard(settings, store: store, stage: .afterAuthentication)
        let house = TestHouse([before, after])
        let exchange = house.exchange()
        house.request(exchange)
        house.answer(exchange)
        #expect(exchange.response.fields.values(of: .rateLimitPolicy) == ["\"b\";q=60;w=60, \"a\";q=60;w=60"])
    }
}

@Suite struct CounterTableTests {
    private func demand(_ hash: UInt64, burst: Int64 = 2) -> CounterDemand {
        CounterDemand(key: CounterKey(limit: 0, hash: hash), interval: 1000, burst: burst)
    }

    @Test func anExhaustedKeyIsNotForgottenForFreshOnes() {
        var table = CounterTable(capacity: 1)
        #expect(table.take(demand(42), now: 1).wait == 0)
        #expect(table.take(demand(42), now: 1).wait == 0)
        for hash in 100..<10_000 as Range<UInt64> { _ = table.take(demand(hash), now: 1) }
        #expect(table.take(demand(42), now: 1).wait > 0)
    }

    @Test func aFloodOfKeysDoesNotBuyItselfOut() {
        var table = CounterTable(capacity: 1)
        for hash in 1...15 as ClosedRange<UInt64> { for _ in 0..<2 { _ = table.take(demand(hash), now: 1) } }
        let passed = (100..<1000 as Range<UInt64>).filter { table.take(demand($0), now: 1).wait == 0 }
        #expect(passed.count == 2)
    }

    @Test func countersWhoseTimeHasPassedMakeRoom() {
        var table = CounterTable(capacity: 1)
        for hash in 1...15 as ClosedRange<UInt64> { for _ in 0..<2 { _ = table.take(demand(hash), now: 1) } }
        #expect(table.take(demand(77), now: 10_000).remaining == 1)
    }

    @Test func memoryIsBoundedUnderManyKeys() {
        let store = LocalCounterStore()
        let lease = store.lease("a", capacity: 20_000)
        let before = store.byteCount
        var generator = IdentifierGenerator(seed: 3)
        for _ in 0..<200_000 {
            _ = store.take(
                [CounterDemand(key: CounterKey(limit: lease.limit, hash: generator.next()), interval: 1_000_000_000, burst: 5)], now: 1)
        }
        #expect(store.byteCount == before)
        #expect(before < 20_000 * 32)
    }
}

@Suite struct SipHashTests {
    /// The first vectors of the paper's table: key 00 01 … 0f, messages of 0, 1, 2 … bytes 00 01 02 ….
    @Test(arguments: [
        (0, 0x726f_db47_dd0e_0e31 as UInt64), (1, 0x74f8_39c5_93dc_67fd), (7, 0xab02_00f5_8b01_d137), (8, 0x93f5_f579_9a93_2462),
        (15, 0xa129_ca61_49be_45e5),
    ])
    func theVectorsOfThePaperHold(length: Int, hash: UInt64) {
        var sip = SipHash(key: SipKey(low: 0x0706_0504_0302_0100, high: 0x0f0e_0d0c_0b0a_0908))
        for byte in 0..<length { sip.append(UInt8(byte)) }
        #expect(sip.finish() == hash)
    }
}
