import Cedar
import StrictJSON

extension PolicyCommands {
    /// Tells for each policy why it applied to a request or not. Exit code 0 allow, 2 deny.
    public func explain(_ files: Files, _ request: OneRequest, all: Bool, json: Bool) throws -> Int32 {
        let schema = try files.loadedSchema()
        return try explain(files, try request.request(schema), try files.loadedEntities(schema), all: all, json: json)
    }

    /// The same for a decision of a log, by its id: with the entities that it brought along.
    public func explain(_ files: Files, decision: String, log: String, all: Bool, json: Bool) throws -> Int32 {
        let schema = try files.loadedSchema()
        let found = try PolicyFiles.named(log) { try Replay.log($0, schema: schema) }.filter { $0.id == decision }
        guard let logged = found.last else { throw PolicyToolError("`\(log)` has no decision `\(decision)`") }
        return try explain(files, logged.request, try files.loadedEntities(schema).overlaying(logged.entities), all: all, json: json)
    }

    private func explain(_ files: Files, _ request: Request, _ entities: Entities, all: Bool, json: Bool) throws -> Int32 {
        let explanation = Authorizer(try PolicyFiles.policies(files.policies)).explain(request, entities: entities, all: all)
        if json {
            print(explanation.json.serialized(.pretty))
        } else {
            print(explanation.response.decision.rawValue)
            for policy in explanation.policies { for line in policy.lines { print(line) } }
        }
        return explanation.response.decision == .allow ? 0 : 2
    }

    /// Runs a table of expectations and prints the coverage. Exit code 0 where all hold and the coverage is at least
    /// `minimum`, else 2.
    public func test(_ files: Files, tests: String, minimum: Double, listUncovered: Bool) throws -> Int32 {
        let schema = try files.loadedSchema()
        let entities = try files.loadedEntities(schema)
        let authorizer = Authorizer(try PolicyFiles.policies(files.policies))
        let table = try PolicyFiles.named(tests) { try PolicyTests(parsing: $0, schema: schema) }
        let report = table.run(authorizer, entities: entities)
        for result in report.results { if let fault = result.fault { print("failed: \(result.name): \(fault)") } }
        if listUncovered { for line in report.uncovered { print(line) } }
        let passed = report.results.count(where: { $0.fault == nil })
        let percent = (report.share * 1000).rounded(.down) / 10
        print("\(passed) of \(report.results.count) passed, \(percent) % of policies and clauses seen with both outcomes")
        return report.passed && report.share * 100 >= minimum ? 0 : 2
    }

    /// Runs logged decisions against a candidate set and lists the flips, one line each. Exit code 0 without flips, else 2.
    public func replay(_ files: Files, log: String, failClosed: Bool) throws -> Int32 {
        let schema = try files.loadedSchema()
        let entities = try files.loadedEntities(schema)
        let candidate = Authorizer(try PolicyFiles.policies(files.policies))
        let logged = try PolicyFiles.named(log) { try Replay.log($0, schema: schema) }
        let flips = Replay.flips(logged, candidate: candidate, entities: entities, denyOnForbidError: failClosed)
        for flip in flips { print(flip.json.serialized()) }
        Self.complain("\(logged.count) decisions, \(flips.count) flips")
        return flips.isEmpty ? 0 : 2
    }

    /// Lists policies that were added, removed or changed between two sets. Exit code 0 where there is no difference, else 2.
    public func diff(_ first: String, _ second: String) throws -> Int32 {
        let difference = PolicyDifference(from: try PolicyFiles.policies(first), to: try PolicyFiles.policies(second))
        for name in difference.removed { print("- \(name)") }
        for name in difference.added { print("+ \(name)") }
        for change in difference.changed { print("~ \(change.name)\n  - \(change.before)\n  + \(change.after)") }
        return difference.isEmpty ? 0 : 2
    }
}

extension Explanation.PolicyOutcome {
    /// The outcome for people.
    fileprivate var lines: [String] {
        let title = "\(effect.rawValue) \(id)" + (name.map { " (\($0))" } ?? "")
        switch outcome {
        case .satisfied: return ["\(title): satisfied"]
        case .outOfScope(_, let demands, let found): return ["\(title): out of scope, demands `\(demands)`, got \(found)"]
        case .failed(let clause): return ["\(title): failed at `\(clause.text)`" + clause.place] + clause.lines
        case .erred(let clause, let error): return ["\(title): error at `\(clause.text)`\(clause.place): \(error)"] + clause.lines
        }
    }
}

extension Explanation.ClauseReading {
    fileprivate var place: String { position.map { " (\($0))" } ?? "" }
    fileprivate var lines: [String] { values.map { "    \($0.text) = \($0.value?.json.serialized() ?? "unknown")" } }
}

extension PolicyTests.Report {
    fileprivate var uncovered: [String] {
        coverage.filter { !$0.isComplete }.map { item in
            let what = item.clause.map { "clause `\($0)` of \(item.policy)" } ?? "policy \(item.policy)"
            return "not covered: \(what): true \(item.held), false \(item.failed)" + (item.position.map { " (\($0))" } ?? "")
        }
    }
}
