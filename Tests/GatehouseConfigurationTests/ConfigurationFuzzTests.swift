import Foundation
import GatehouseConfiguration
import Testing

@Suite struct ConfigurationFuzzTests {
    @Test func `no bytes trap the loader`() {
        var generator = SplitMix(state: 0x6761_7465)
        var good = 0
        for _ in 0..<rounds { good += fuzzConfiguration(mutated(seeds[generator.below(seeds.count)], &generator)) ? 1 : 0 }
        #expect(good > 0, "no mutation was a good file, so that nothing behind the parser was reached")
    }

    @Test func `the seeds are good files`() {
        for seed in seeds { #expect(fuzzConfiguration(Array(seed.utf8)), "\(seed)") }
    }

    private func mutated(_ seed: String, _ generator: inout SplitMix) -> [UInt8] {
        var bytes = Array(seed.utf8)
        for _ in 0...generator.below(4) {
            let place = generator.below(bytes.count)
            switch generator.below(6) {
            case 0: bytes[place] = UInt8(generator.below(256))
            case 1: bytes.insert(interesting[generator.below(interesting.count)], at: place)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 20)], at: generator.below(bytes.count))
            case 4: bytes.removeSubrange(place..<min(bytes.count, place + 8))
            default: bytes.swapAt(place, generator.below(bytes.count))
            }
            if bytes.isEmpty { bytes = [0x20] }
        }
        return bytes
    }

    /// `GATEHOUSE_FUZZ_ROUNDS` asks for more.
    private let rounds = ProcessInfo.processInfo.environment["GATEHOUSE_FUZZ_ROUNDS"].flatMap(Int.init) ?? 3000
    private let interesting = Array("\n\t :-[]{}&*!|>'\"%@`#?,~0\u{0}".utf8)
    private let seeds = [
        "services:\n  - upstream: http://127.0.0.1:3000\n",
        "services: [{upstream: 'http://a', hosts: ['*.a.test', b], paths: [/x], routes: [{path: '/x/{id}', methods: GET}]}]",
        "listeners:\n  - {address: '127.0.0.1:1', tls: true, proxy_protocol: {mode: accept, from: 10.0.0.0/8}}\nservices:\n  - upstreams: ['h2c://[::1]:80']\n    balance: {hash: client}\n",
        "guards: {addresses: {deny_files: list, allow: '::/0'}, rate_limits: [{name: a, rate: 1/s, key: [client, route]}], headers: {set: {a: b}}}\nservices: [{upstream: 'https://a', timeouts: &t {connect: 1s}}, {upstream: 'http://b', hosts: b, timeouts: *t}]",
        "store: {password: 'env:SECRET', postgres: 'postgres://u@[::1]/d?sslmode=verify-full'}\nkeys: {root: 'file:k'}\naudit: off\nevents: {file: x, syslog: 'a:1', redact: {query: [q]}}\nlimits: {body_bytes: 1KiB}\nservices: [{upstream: 'http://a'}]",
    ]
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
