import Cedar
import StrictJSON

/// How long one decision takes over sets of growing size.
public struct PolicyBench: Sendable {
    /// What was measured over one set.
    public struct Row: Sendable {
        /// Policies of the set.
        public let policies: Int
        /// Microseconds a decision, the median of the rounds.
        public let microseconds: Double
        /// Microseconds a decision with the request read from JSON first.
        public let withReading: Double
        /// Milliseconds to read and compile the set.
        public let loading: Double
    }

    /// A team's policies: each user and group may view and edit its own folder when a condition holds, and a few rules for all.
    public static func policyText(_ count: Int) -> String {
        var text = """
            permit (principal in Group::"staff", action == Action::"view", resource in Folder::"public")
            when { context.mfa && resource.size < 1000 };
            forbid (principal, action, resource)
            when { resource.locked && !principal.admin };
            permit (principal == User::"alice", action in [Action::"view", Action::"edit"], resource in Folder::"f1")
            when { principal.level >= resource.level };

            """
        for number in 3..<max(count, 3) {
            text += """
                permit (principal == User::"user\(number)", action == Action::"view", resource in Folder::"f\(number)")
                when { principal.level >= resource.level && context.mfa };

                """
        }
        return text
    }

    /// The entities that the policies speak of.
    public static let entityText = """
        [{"uid":{"type":"User","id":"alice"},"attrs":{"level":5,"admin":false},"parents":[{"type":"Group","id":"staff"}]},
        {"uid":{"type":"Group","id":"staff"},"attrs":{},"parents":[]},
        {"uid":{"type":"Folder","id":"f1"},"attrs":{},"parents":[{"type":"Folder","id":"public"}]},
        {"uid":{"type":"Folder","id":"public"},"attrs":{},"parents":[]},
        {"uid":{"type":"Document","id":"d1"},"attrs":{"level":3,"size":10,"locked":false},"parents":[{"type":"Folder","id":"f1"}]}]
        """

    /// The request that is decided.
    public static let requestText = """
        {"principal":{"type":"User","id":"alice"},"action":{"type":"Action","id":"view"},\
        "resource":{"type":"Document","id":"d1"},"context":{"mfa":true}}
        """

    /// Measures a set of so many policies.
    ///
    /// - Throws: what the engine throws, which a correct build never does.
    public static func measure(_ count: Int, seconds: Double) throws -> Row {
        let clock = ContinuousClock()
        let start = clock.now
        let authorizer = Authorizer(try PolicySet(parsing: policyText(count)))
        let loading = milliseconds(clock.now - start)
        let entities = try Entities(parsing: Array(entityText.utf8))
        let bytes = Array(requestText.utf8)
        let request = try Request(parsing: bytes)
        guard authorizer.decide(request, entities: entities).decision == .allow else {
            throw PolicyToolError("the benchmark's request is not allowed")
        }
        let plain = median(seconds / 2) { _ = authorizer.decide(request, entities: entities) }
        let reading = try medianThrowing(seconds / 2) {
            _ = authorizer.decide(try Request(parsing: bytes), entities: entities)
        }
        return Row(policies: count, microseconds: plain, withReading: reading, loading: loading)
    }

    private static func median(_ seconds: Double, _ body: () -> Void) -> Double {
        medianThrowing(seconds, body)
    }

    /// Median microseconds of rounds of a hundred.
    private static func medianThrowing(_ seconds: Double, _ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        let end = clock.now + .milliseconds(Int(seconds * 1000))
        var rounds: [Double] = []
        repeat {
            let start = clock.now
            for _ in 0..<100 { try body() }
            rounds.append(milliseconds(clock.now - start) * 10)
        } while clock.now < end
        rounds.sort()
        return rounds[rounds.count / 2]
    }

    private static func milliseconds(_ duration: Duration) -> Double {
        let parts = duration.components
        return Double(parts.seconds) * 1e3 + Double(parts.attoseconds) / 1e15
    }
}

extension PolicyCommands {
    /// Prints a table, or one JSON object a line, of decisions over sets of these sizes.
    public func bench(sizes: [Int], seconds: Double, json: Bool) throws -> Int32 {
        if !json { print("policies  µs/decision  µs with JSON request  ms to load") }
        for size in sizes {
            let row = try PolicyBench.measure(size, seconds: seconds)
            if json {
                print(
                    "{\"policies\":\(row.policies),\"microseconds\":\(row.microseconds),"
                        + "\"withReading\":\(row.withReading),\"loading\":\(row.loading)}")
            } else {
                print(
                    "\(row.policies)  \(row.microseconds.rounded(to: 2))  \(row.withReading.rounded(to: 2))  \(row.loading.rounded(to: 2))")
            }
        }
        return 0
    }

    /// Prints the policies, the entities and the request of the benchmark, for a peer to measure.
    public func benchInput(_ size: Int) -> Int32 {
        let input: JSONValue = [
            "policies": .string(PolicyBench.policyText(size)), "entities": .string(PolicyBench.entityText),
            "request": .string(PolicyBench.requestText),
        ]
        print(input.serialized())
        return 0
    }
}

extension Double {
    fileprivate func rounded(to places: Int) -> Double {
        let factor = places == 2 ? 100.0 : 10.0
        return (self * factor).rounded() / factor
    }
}
