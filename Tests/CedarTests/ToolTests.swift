import Testing

@testable import Cedar

@Suite struct ToolTests {
    private static let user = EntityUID(type: "User", id: "alice")
    private static let doc = EntityUID(type: "Doc", id: "d")

    private static func request(_ context: [(Text, Value)]) -> Request {
        Request(principal: user, action: EntityUID(type: "Action", id: "view"), resource: doc, context: Record(context))
    }

    @Test func `an explanation names the first clause that failed and what it saw`() throws {
        let set = try PolicySet(parsing: "permit(principal, action, resource) when { context.mfa && context.level > 2 };")
        let explanation = Authorizer(set).explain(Self.request([("mfa", .bool(true)), ("level", .long(1))]), entities: Entities())
        guard case .failed(let clause)? = explanation.policies.first?.outcome else {
            Issue.record("the policy should have failed")
            return
        }
        #expect(clause.text == "context.level > 2")
        #expect(clause.values.map(\.text) == ["context.level"] && clause.values.first?.value == .long(1))
    }

    @Test func `an explanation tells what the scope demands`() throws {
        let set = try PolicySet(parsing: "permit(principal == User::\"bob\", action, resource);")
        let explanation = Authorizer(set).explain(Self.request([]), entities: Entities(), all: true)
        guard case .outOfScope(let part, let demands, let found)? = explanation.policies.first?.outcome else {
            Issue.record("the policy should be out of scope")
            return
        }
        #expect(part == .principal && demands == "principal == User::\"bob\"" && found == Self.user)
        #expect(Authorizer(set).explain(Self.request([]), entities: Entities()).policies.isEmpty)
    }

    @Test func `an unless clause that holds back is named`() throws {
        let set = try PolicySet(parsing: "permit(principal, action, resource) unless { context.locked };")
        let explanation = Authorizer(set).explain(Self.request([("locked", .bool(true))]), entities: Entities())
        guard case .failed(let clause)? = explanation.policies.first?.outcome else {
            Issue.record("the policy should have failed")
            return
        }
        #expect(clause.text == "unless context.locked")
    }

    @Test func `a table of expectations reports faults and coverage`() throws {
        let set = try PolicySet(parsing: "permit(principal, action, resource) when { context.mfa };")
        let rows = """
            [{"name":"with","request":{"principal":{"type":"User","id":"a"},"action":{"type":"Action","id":"v"},"resource":{"type":"D","id":"d"},"context":{"mfa":true}},"decision":"allow","reason":["policy0"]},
            {"name":"without","request":{"principal":{"type":"User","id":"a"},"action":{"type":"Action","id":"v"},"resource":{"type":"D","id":"d"},"context":{"mfa":false}},"decision":"allow"}]
            """
        let report = try PolicyTests(parsing: Array(rows.utf8)).run(Authorizer(set), entities: Entities())
        #expect(report.results.map { $0.fault == nil } == [true, false])
        #expect(!report.passed && report.share == 1)
    }

    @Test func `a clause that was never false is not covered`() throws {
        let set = try PolicySet(parsing: "permit(principal, action, resource) when { context.mfa };")
        let row = PolicyTests.Expectation(
            name: "x", request: Self.request([("mfa", .bool(true))]), decision: .allow, reasons: nil, errors: nil)
        let report = PolicyTests([row]).run(Authorizer(set), entities: Entities())
        #expect(report.passed && report.share == 0)
    }

    @Test func `replay lists the decisions that flip`() throws {
        let line = #"{"id":"1","principal":{"type":"User","id":"alice"},"action":{"type":"Action","id":"view"},"resource":{"type":"Doc","id":"d"},"decision":"allow","reason":["policy0"]}"#
        let log = [try Replay.LoggedDecision(parsing: Array(line.utf8))]
        let same = Authorizer(try PolicySet(parsing: "permit(principal, action, resource);"))
        #expect(Replay.flips(log, candidate: same, entities: Entities()).isEmpty)
        let flips = Replay.flips(log, candidate: Authorizer(PolicySet()), entities: Entities())
        #expect(flips.map(\.response.decision) == [.deny] && flips.first?.logged.id == "1")
    }

    @Test func `a difference is found by id, and a moved policy is none`() throws {
        let first = try PolicySet(parsing: "@id(\"a\") permit(principal, action, resource); @id(\"b\") forbid(principal, action, resource);")
        let moved = try PolicySet(parsing: "@id(\"b\") forbid(principal, action, resource); @id(\"a\") permit(principal, action, resource);")
        let other = try PolicySet(parsing: "@id(\"a\") forbid(principal, action, resource); @id(\"c\") permit(principal, action, resource);")
        #expect(PolicyDifference(from: first, to: moved).isEmpty)
        let difference = PolicyDifference(from: first, to: other)
        #expect(difference.added == ["c"] && difference.removed == ["b"] && difference.changed.map(\.name) == ["a"])
    }
}
