import Testing

@testable import SecLang

@Suite struct PatternProofTests {
    private static let patterns = [
        "(?i)union\\s+(?:all\\s+)?select", "<script[^>]*>", "(?:^|[^\\w])(?:or|and)\\s+\\d+=\\d+", "(?:\\.\\./){2,}", "a(?:b|c){2,3}d?", "^\\s*$",
    ]

    private static func rules(_ patterns: [String] = patterns) throws -> RuleSet {
        let lines = patterns.enumerated().map { number, pattern in
            "SecRule ARGS \"@rx \(pattern.replacing("\\", with: "\\\\"))\" \"id:\(number + 1),phase:2,pass\""
        }
        return try RuleSet([RuleSource(name: "test", text: lines.joined(separator: "\n"))])
    }

    @Test func theFilterHidesNoneOfManyGeneratedMatches() throws {
        let outcome = PatternProof(try Self.rules()).checkFilter(count: 2_000, seed: 1)
        #expect(outcome.failures == [])
        #expect(outcome.patterns == Self.patterns.count)
        #expect(outcome.matches > 1_000)
    }

    @Test func aRequirementThatAMatchDoesNotMeetIsNoticed() {
        #expect(!Requirement(literals: [Array("select".utf8)]).allows(Array("union".utf8)))
        #expect(Requirement(literals: [Array("select".utf8)]).allows(Array("x SeLeCt".utf8)))
        #expect(!Requirement(bytes: ByteSet([39])).allows(Array("a".utf8)))
        #expect(!Requirement(minimumLength: 3).allows(Array("ab".utf8)))
    }

    /// What takes a search quadratic or exponential time is given up in time, and says so.
    @Test(arguments: ["(?:a+)+b", "\\s*x\\s*y", "(?:^|=)\\s*(?:\\w+\\s*)*;"])
    func searchesThatRunOnAreGivenUp(_ pattern: String) throws {
        let clock = ContinuousClock()
        let origin = clock.now
        let outcome = PatternProof(try Self.rules([pattern])).checkTime(length: 300_000, budget: 300_000_000, seed: 1) {
            UInt64((clock.now - origin) / .nanoseconds(1))
        }
        #expect(outcome.failures == [])
        #expect(outcome.values > 2)
    }

    @Test(arguments: [EngineMode.on, .detectionOnly])
    func anExchangeOverItsTimeIsRefusedAndNeverPassesUnnoticed(mode: EngineMode) throws {
        let rules = try Self.rules(["(?:x+)+y"])
        let time = Ticks()
        let environment = TransactionEnvironment(now: 0, clock: { time.next() }, timeBudget: 20)
        let transaction = Transaction(rules, connection: ConnectionFacts(clientAddress: "192.0.2.1"), environment: environment, mode: mode)
        transaction.setRequestLine(method: "GET", target: "/?a=" + String(repeating: "xy", count: 20_000) + "z", version: "HTTP/1.1")
        _ = transaction.processRequestHeaders()
        time.jump()
        let ended = transaction.processRequestBody()
        let record = transaction.finish()
        #expect((ended?.cause ?? record.intended?.cause) == .timeBudget)
        #expect(mode == .on ? ended?.status == 503 : ended == nil)
        #expect(record.limits.count == 1)
    }
}

/// A clock that goes on by 1 at each look, and by 1,000 after a jump.
private final class Ticks: @unchecked Sendable {  // a test uses it on one thread
    private var now: UInt64 = 0
    private var step: UInt64 = 1

    func next() -> UInt64 {
        now += step
        return now
    }

    func jump() { step = 1_000 }
}
