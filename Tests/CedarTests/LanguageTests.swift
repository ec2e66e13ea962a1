import Testing

@testable import Cedar

@Suite struct LanguageTests {
    @Test(arguments: [
        "1 + 2 * 3 == 7", "-9223372036854775808 < 0", "!(1 > 2)", "!!true", "[1, 2, 2] == [2, 1]", "{a: 1} == {\"a\": 1}",
        "if false then 1 + true == 2 else true", "false && 1 == 1 || true", "\"a*c\" like \"a\\*c\"", "\"abc\" like \"a*\"",
        "principal is User", "principal in [User::\"alice\", User::\"bob\"]", "[1, 2].containsAny([2, 3])", "[].isEmpty()",
        "\"\\u{1F600}\" == \"😀\"", "{a: {b: 1}} has a.b", "!({a: {b: 1}} has a.c)", "1 != \"1\"",
        "decimal(\"1.10\").lessThan(decimal(\"1.2\"))", "ip(\"10.1.2.3\").isInRange(ip(\"10.0.0.0/8\"))",
        "datetime(\"1969-12-31T23:59:59Z\").toDate() == datetime(\"1969-12-31\")", "duration(\"-90s\").toMinutes() == -1",
        "datetime(\"2024-02-29T12:00:00+0130\") < datetime(\"2024-02-29T12:00:00Z\")",
    ])
    func `conditions that hold`(condition: String) throws {
        #expect(try holds(condition) == true)
    }

    @Test(arguments: [
        "1 + true == 2", "9223372036854775807 + 1 == 0", "-(-9223372036854775808) == 0", "principal.name == \"a\"", "context.a",
        "1 < \"a\"", "decimal(\"1.0\") < decimal(\"2.0\")", "ip(\"1.2.3\").isIpv4()", "decimal(\"1.00000\") == decimal(\"1.0\")",
        "principal in \"a\"", "1 && true", "true && 1", "principal.getTag(\"t\") == 1", "datetime(\"2023-02-29\") == datetime(\"2023-03-01\")",
        "duration(\"1h1d\") == duration(\"1d1h\")", "\"a\" has b", "decimal(\"1.0\", \"2.0\") == 1",
    ])
    func `conditions whose evaluation fails`(condition: String) throws {
        #expect(try holds(condition) == nil)
    }

    @Test(arguments: [
        "9223372036854775808 > 0", "1 == 1 == 1", "!!!!!true", "1 / 2 == 0", "1 % 2 == 0", "principal.if", "{a: 1, a: 2} == {}",
        "\"\\q\" == \"\"", "\"\\*\" == \"\"", "\"\\x80\" == \"\"", "\"\\u{110000}\" == \"\"", "principal[1]", "foo", "foo(1)",
        "lessThan(1, 2)", "principal.ip(\"1.1.1.1\")", "User::{id: 1} == 1", "a like b", "principal has 1", "?principal == principal",
        "1 = 1", "principal is \"User\"", "if true then 1", "(1", "[1, 2", "\"a",
    ])
    func `text that is not Cedar`(condition: String) {
        #expect(!parses(condition))
    }

    @Test func `strings are compared without Unicode normalization`() throws {
        #expect(try holds("\"é\" == \"e\\u{301}\"") == false)
        #expect(Text("é") != Text("e\u{301}"))
    }

    @Test(arguments: [
        "permit(principal, action);", "permit(principal, resource, action);", "permit(principal, action, resource)",
        "allow(principal, action, resource);", "permit(principal != User::\"a\", action, resource);",
        "permit(principal in [User::\"a\"], action, resource);", "permit(principal, action is Action, resource);",
        "permit(principal, action == User::\"a\", resource);", "permit(principal == ?resource, action, resource);",
        "@a(\"1\") @a(\"2\") permit(principal, action, resource);", "permit(principal, action, resource) if { true };",
        "permit(principal, action, resource) when { };", "permit(principal is User == User::\"a\", action, resource);",
    ])
    func `policies that are not Cedar`(policy: String) {
        #expect(throws: CedarError.self) { try PolicySet(parsing: policy) }
    }

    @Test func `errors name line and column`() {
        let error = #expect(throws: CedarError.self) {
            try PolicySet(parsing: "permit(principal, action, resource)\nwhen { foo };")
        }
        #expect(error?.position == SourcePosition(line: 2, column: 8))
    }
}
