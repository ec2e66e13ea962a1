internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import GatehouseTesting
internal import HTTPWire
internal import NIOCore

/// What each guard costs on one core: nanoseconds a request, and memory of ten million rate limit keys.
public enum GuardSpeed {
    /// Measures every guard for so long each and prints a line for each: name, nanoseconds.
    public static func printTable(milliseconds: Int) {
        for (name, cost) in rows(milliseconds) { print(name, cost) }
        let memory = keyMemory(keys: 10_000_000, capacity: 1_000_000)
        print("rate_limits_10M_keys_take_ns", memory.nanoseconds)
        print("rate_limits_10M_keys_MiB", memory.mebibytes)
    }

    private static func rows(_ milliseconds: Int) -> [(String, Int)] {
        let json: KeyValuePairs<String, String> = [
            "content-type": "application/json", "content-length": "1024", "date": "Tue, 24 Nov 2026 22:00:00 GMT", "server": "nginx",
            "etag": "\"abc\"", "x-powered-by": "Express",
        ]
        let withCookie: KeyValuePairs<String, String> = [
            "content-type": "application/json", "set-cookie": "sid=0123456789abcdef; Path=/; HttpOnly",
        ]
        let withPolicy: KeyValuePairs<String, String> = [
            "content-type": "application/json", "content-security-policy": "default-src 'self'; img-src *",
        ]
        let headers = HeadersGuard(HeadersGuardSettings())
        let limits = RateLimitGuard(RateLimitGuardSettings(), store: LocalCounterStore())
        return [
            ("headers", answer([headers], json, milliseconds)), ("headers_cookie", answer([headers], withCookie, milliseconds)),
            ("headers_merged_policy", answer([headers], withPolicy, milliseconds)),
            ("rate_limits", request([limits], milliseconds)), ("protocol", request([ProtocolGuard(ProtocolGuardSettings())], milliseconds)),
            ("addresses_1000", request([AddressGuard(addresses)], milliseconds)),
            ("fetch_metadata", request([FetchMetadataGuard(FetchMetadataGuardSettings())], milliseconds)),
            ("cors", answer([CORSGuard(CORSGuardSettings())], json, milliseconds)),
            ("errors", answer([ErrorGuard(ErrorsGuardSettings())], json, milliseconds)),
            ("errors_16KiB_body", errorBody(milliseconds)),
        ]
    }

    private static var addresses: AddressGuardSettings {
        var settings = AddressGuardSettings()
        settings.deny = (0..<1000).compactMap { CIDRBlock(IPAddress(v4: UInt32($0) << 12 | 0xE000_0000), prefixLength: 24) }
        return settings
    }

    /// The cost of what a guard does with an answer, the answer's own making taken off.
    private static func answer(_ guards: [any Guard], _ fields: KeyValuePairs<String, String>, _ milliseconds: Int) -> Int {
        let plain = ResponseHead(fields)
        let cost = { (guards: [any Guard]) in
            let house = TestHouse(guards)
            let exchange = house.exchange(secure: true)
            exchange.origin = .upstream
            return nanoseconds(milliseconds) {
                exchange.response.reset()
                exchange.response.fields.append(contentsOf: plain.fields)
                _ = GuardChain.responseHead(exchange)
                GuardChain.finalHead(exchange)
            }
        }
        return cost(guards) - cost([])
    }

    private static func request(_ guards: [any Guard], _ milliseconds: Int) -> Int {
        let house = TestHouse(guards)
        let exchange = house.exchange(
            .get, "/api/v1/items/42?sort=price&page=2",
            [
                "accept": "application/json", "user-agent": "Mozilla/5.0", "accept-language": "en", "sec-fetch-site": "same-origin",
                "x-client": "a",
            ])
        return nanoseconds(milliseconds) {
            _ = GuardChain.requestHead(exchange)
            house.clock.advance(by: .milliseconds(25))
            GuardChain.finalHead(exchange)
            exchange.response.reset()
        }
    }

    private static func errorBody(_ milliseconds: Int) -> Int {
        let house = TestHouse([ErrorGuard(ErrorsGuardSettings())])
        let line = Array("{\"error\":\"the item of this order is not available any more\",\"code\":4711},\n".utf8)
        let body = Array(repeatElement(line, count: 16_384 / line.count).joined())
        return nanoseconds(milliseconds) {
            let exchange = house.exchange()
            house.answer(exchange, status: 404, ["content-type": "application/json"], body: body)
        }
    }

    /// Takes from so many distinct keys and reads how much resident memory that has added.
    private static func keyMemory(keys: Int, capacity: Int) -> (nanoseconds: Int, mebibytes: Int) {
        let before = residentBytes()
        let store = LocalCounterStore()
        let lease = store.lease("speed", capacity: capacity)
        var generator = IdentifierGenerator(seed: 11)
        let start = SystemClock().monotonic
        for _ in 0..<keys {
            let demand = CounterDemand(key: CounterKey(limit: lease.limit, hash: generator.next()), interval: 1_000_000_000, burst: 5)
            _ = store.take([demand], now: 1)
        }
        let cost = (SystemClock().monotonic - start) / Int64(keys)
        return (Int(cost), (residentBytes() - before) >> 20)
    }

    private static func nanoseconds(_ milliseconds: Int, _ body: () -> Void) -> Int {
        let clock = SystemClock()
        for _ in 0..<1000 { body() }
        let start = clock.monotonic
        var count: Int64 = 0
        while clock.monotonic - start < Int64(milliseconds) * 1_000_000 {
            for _ in 0..<100 { body() }
            count += 100
        }
        return Int((clock.monotonic - start) / count)
    }
}

extension ResponseHead {
    fileprivate init(_ fields: KeyValuePairs<String, String>) {
        self.init()
        for (name, value) in fields { self.fields.append(name, value) }
    }
}
