internal import StrictJSON

/// A table of requests with the decisions that they must get.
public struct PolicyTests: Sendable {
    /// One row of the table.
    public struct Expectation: Sendable {
        /// The name of the expectation.
        public let name: String
        /// What is asked.
        public let request: Request
        /// What must come of it.
        public let decision: Decision
        /// The determining policies; nil where they do not matter.
        public let reasons: Set<String>?
        /// The policies that must fail; nil where they do not matter.
        public let errors: Set<String>?
    }

    /// What became of one row.
    public struct Result: Sendable {
        /// The name of the expectation.
        public let name: String
        /// What came of it.
        public let response: Response
        /// What differs; nil for a row that holds.
        public let fault: String?
    }

    /// How often a policy or clause was seen true and false.
    public struct Coverage: Sendable {
        /// The id of the policy.
        public let policy: String
        /// The clause's text; nil for the policy as a whole.
        public let clause: String?
        /// Where the clause stands.
        public let position: SourcePosition?
        /// How often it held.
        public internal(set) var held = 0
        /// How often it did not.
        public internal(set) var failed = 0

        /// True where both outcomes were seen.
        public var isComplete: Bool { held > 0 && failed > 0 }
    }

    /// What came of all expectations.
    public struct Report: Sendable {
        /// One result per expectation.
        public let results: [Result]
        /// First each policy, then its clauses, in the order of the set.
        public let coverage: [Coverage]

        /// True when every expectation was met.
        public var passed: Bool { results.allSatisfy { $0.fault == nil } }
        /// Share of policies and clauses that were seen with both outcomes, from 0 to 1; 1 for an empty set.
        public var share: Double {
            coverage.isEmpty ? 1 : Double(coverage.count(where: \.isComplete)) / Double(coverage.count)
        }
    }

    /// What is expected.
    public let expectations: [Expectation]

    /// A table of expectations.
    public init(_ expectations: [Expectation]) {
        self.expectations = expectations
    }

    /// Reads a list of `{"name"?, "request": {…}, "decision", "reason"?, "errors"?}`.
    ///
    /// - Throws: ``CedarError`` with the code `request`, or `limit`.
    public init(parsing bytes: [UInt8], schema: Schema? = nil, limits: CedarLimits = CedarLimits()) throws(CedarError) {
        let read = JSONReading(code: .request)
        let root = try read.document(bytes, limits).root
        var rows: [Expectation] = []
        for node in try read.array(root["tests"] ?? root, "a table of expectations") {
            let word = try read.string(try read.member(node, "decision", "an expectation"), "`decision`")
            guard let decision = Decision(rawValue: word.lowercased()) else { throw read.failure("`\(word)` is no decision", node) }
            rows.append(
                Expectation(
                    name: node["name"]?.string ?? "\(rows.count + 1)",
                    request: try Request(
                        json: try read.member(node, "request", "an expectation"), schema: schema,
                        checked: node["validateRequest"]?.bool ?? true),
                    decision: decision, reasons: node["reason"].map { Set($0.elements.compactMap(\.string)) },
                    errors: node["errors"].map { Set($0.elements.compactMap(\.string)) }))
        }
        expectations = rows
    }

    /// Runs the table and counts what each policy and clause came to.
    public func run(_ authorizer: Authorizer, entities: Entities) -> Report {
        var counter = CoverageCounter(authorizer)
        var results: [Result] = []
        for row in expectations {
            let response = authorizer.decide(row.request, entities: entities)
            counter.count(row.request, entities)
            results.append(Result(name: row.name, response: response, fault: row.fault(response)))
        }
        return Report(results: results, coverage: counter.coverage)
    }
}

extension PolicyTests.Expectation {
    fileprivate func fault(_ response: Response) -> String? {
        if response.decision != decision { return "expected \(decision.rawValue), got \(response.decision.rawValue)" }
        let found = Set(response.reasons)
        if let reasons, reasons != found { return "expected reasons \(reasons.sorted()), got \(found.sorted())" }
        let failed = Set(response.errors.map(\.policy))
        if let errors, errors != failed { return "expected errors \(errors.sorted()), got \(failed.sorted())" }
        return nil
    }
}

/// Counts outcomes of policies and clauses.
private struct CoverageCounter {
    private let authorizer: Authorizer
    private let policies: [(policy: Policy, clauses: [Clause], place: Int)]
    private(set) var coverage: [PolicyTests.Coverage] = []

    init(_ authorizer: Authorizer) {
        self.authorizer = authorizer
        var policies: [(policy: Policy, clauses: [Clause], place: Int)] = []
        for (id, policy, _) in authorizer.policies.linked {
            let clauses = Clause.all(of: policy)
            policies.append((policy, clauses, coverage.count))
            coverage.append(PolicyTests.Coverage(policy: id, clause: nil, position: policy.position))
            coverage += clauses.map { clause in
                PolicyTests.Coverage(
                    policy: id, clause: policy.text(of: clause.body), position: policy.position(of: clause.body))
            }
        }
        self.policies = policies
    }

    mutating func count(_ request: Request, _ entities: Entities) {
        let candidates = Set(authorizer.candidates(request, entities))
        var evaluator = Evaluator(request: request, entities: entities)
        for (position, (_, clauses, place)) in policies.enumerated() {
            guard candidates.contains(position) else {
                coverage[place].failed += 1
                continue
            }
            var holds = true
            for (offset, clause) in clauses.enumerated() where holds {
                holds = (try? clause.holds(&evaluator)) ?? false
                note(holds, at: place + 1 + offset)
            }
            note(holds, at: place)
        }
    }

    private mutating func note(_ holds: Bool, at place: Int) {
        if holds { coverage[place].held += 1 } else { coverage[place].failed += 1 }
    }
}
