internal import CClock
internal import GatehouseFirewall
public import SecLang

/// Checks what no single request shows: that the filter before the regular expressions hides nothing, that none of them runs on and on, and
/// that no generated request crashes the rules or overruns its time unnoticed.
public struct WafProof: Sendable {
    private let rules: RuleSet

    /// - Parameter rules: in blocking mode or not, as they are.
    public init(rules: RuleSet) { self.rules = rules }

    /// How a check went.
    public struct Result: Sendable {
        /// What was checked.
        public var name: String
        /// How many passed: patterns or requests.
        public var passed: Int
        /// What failed.
        public var failed: [String]

        /// `conformance NAME: N passed, N failed, 0 skipped`
        public var line: String { "conformance \(name): \(passed) passed, \(failed.count) failed, 0 skipped" }
    }

    /// Each pattern on so many generated values, with the filter and without it.
    public func filter(inputs: Int) -> Result {
        let outcome = PatternProof(rules).checkFilter(count: inputs, seed: 4)
        return Result(name: "waf-filter", passed: outcome.patterns - outcome.failures.count, failed: outcome.failures)
    }

    /// Each pattern on long values that are made to be slow.
    public func time(length: Int) -> Result {
        let outcome = PatternProof(rules).checkTime(length: length, budget: 200_000_000, seed: 4) { Self.now() }
        return Result(name: "waf-time", passed: outcome.values - outcome.failures.count, failed: outcome.failures)
    }

    /// So many requests made of attacks and ordinary ones, changed at random; each has 500 ms.
    public func requests(_ count: Int) -> Result {
        let budget: UInt64 = 500_000_000
        let seeds = WafBench.requests.map(\.bytes) + SelfProof.attacks.map { Self.request($0) }
        var random = SystemRandomNumberGenerator()
        var failed: [String] = []
        let runner = WafRunner(rules: rules, mode: .on)
        for number in 0..<count {
            var bytes = seeds[number % seeds.count]
            for _ in 0..<Int.random(in: 0...12, using: &random) { Self.change(&bytes, &random) }
            let start = Self.now()
            let record = runner.run(
                RawRequest(bytes), answer: nil, environment: TransactionEnvironment(now: 1_700_000_000, clock: Self.now, timeBudget: budget)
            )
            let elapsed = Self.now() &- start
            if elapsed > budget * 3 / 2, record.interruption?.cause != .timeBudget {
                failed.append("\(elapsed / 1_000_000) ms unnoticed for \(String(decoding: bytes.prefix(200), as: UTF8.self))")
            }
        }
        return Result(name: "waf-requests", passed: count - failed.count, failed: failed)
    }

    private static func request(_ attack: SelfProof.Attack) -> [UInt8] {
        let head =
            "\(attack.form == nil ? "GET" : "POST") \(attack.target) HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: proof\r\nAccept: */*\r\n"
        guard let form = attack.form else { return Array((head + "\r\n").utf8) }
        return Array((head + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(form.utf8.count)\r\n\r\n" + form).utf8)
    }

    private static func change(_ bytes: inout [UInt8], _ random: inout SystemRandomNumberGenerator) {
        guard let index = bytes.indices.randomElement(using: &random) else { return }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(contentsOf: repeatElement(bytes[index], count: Int.random(in: 1...300, using: &random)), at: index)
        case 3: bytes.insert(contentsOf: bytes[index...].prefix(40), at: index)
        case 4: bytes.insert(contentsOf: Array("%".utf8) + [48 + index.hexDigit, 48 + (index / 7).hexDigit], at: index)
        default: bytes.removeSubrange(index..<min(bytes.count, index + 9))
        }
    }

    private static func now() -> UInt64 { UInt64(bitPattern: gatehouse_monotonic_nanoseconds()) }
}

extension Int {
    fileprivate var hexDigit: UInt8 { UInt8(self % 10) }
}
