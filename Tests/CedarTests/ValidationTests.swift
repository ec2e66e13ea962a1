import StrictJSON
import Testing

@testable import Cedar

@Suite struct ValidationTests {
    static let schema = """
        entity Group in [Group]; entity Color enum ["red"];
        entity User in [Group] { name: String, age: Long, boss?: User } tags Long;
        entity Doc { owner: User };
        action view, edit in [all] appliesTo { principal: User, resource: Doc, context: { mfa: Bool, level?: Long } };
        action all;
        """

    private func issues(_ policy: String, level: Int? = nil) throws -> [ValidationResult.Issue.Code] {
        let schema = try Schema(parsing: Array(Self.schema.utf8))
        let result = Validator(schema: schema).validate(try PolicySet(parsing: policy), maximumLevel: level)
        return Array(Set(result.errors.map(\.code)))
    }

    private func issues(when condition: String, level: Int? = nil) throws -> [ValidationResult.Issue.Code] {
        try issues("permit(principal, action == Action::\"view\", resource) when { \(condition) };", level: level)
    }

    @Test(arguments: [
        "principal.name == \"a\"", "context has level && context.level > 1", "principal has boss && principal.boss.age < 3",
        "principal.hasTag(\"a\") && principal.getTag(\"a\") > 1", "resource.owner == principal", "if context has level then context.level > 1 else false",
        "principal has boss.name && principal.boss.name == \"x\"", "false && principal.nope", "principal in Group::\"g\"",
    ])
    func `conditions that are valid`(condition: String) throws {
        #expect(try issues(when: condition) == [])
    }

    @Test(arguments: [
        ("principal.nope", ValidationResult.Issue.Code.unsafeAttributeAccess), ("principal.boss.age > 1", .unsafeOptionalAttributeAccess),
        ("principal.age == \"a\"", .incompatibleTypes), ("principal.age + \"a\" == 1", .unexpectedType), ("[] == [1]", .emptySet),
        ("[1, \"a\"].contains(1)", .incompatibleTypes), ("principal.getTag(\"a\") == 1", .unsafeTagAccess),
        ("ip(principal.name).isIpv4()", .extensionConstructorOnNonLiteral), ("decimal(\"x\") == decimal(\"1.0\")", .invalidExtensionLiteral),
        ("principal is Nope", .unrecognizedEntityType), ("action == Action::\"nope\"", .unrecognizedAction),
        ("principal in Color::\"blue\"", .invalidEnumeratedEntity), ("decimal(\"1.0\", \"1.0\") == decimal(\"1.0\")", .wrongNumberOfArguments),
        ("principal", .unexpectedType), ("if context.mfa then 1 else \"a\"", .incompatibleTypes),
    ])
    func `faults are named`(condition: String, code: ValidationResult.Issue.Code) throws {
        #expect(try issues(when: condition).contains(code))
    }

    @Test func `a scope that no action admits is a fault`() throws {
        #expect(try issues("permit(principal is Doc, action, resource);") == [.noApplicableAction])
        #expect(try issues("permit(principal, action == Action::\"all\", resource);") == [.noApplicableAction])
    }

    @Test func `levels count entities read in a row`() throws {
        #expect(try issues(when: "resource.owner.name == \"a\"", level: 2) == [])
        #expect(try issues(when: "resource.owner.name == \"a\"", level: 1) == [.dereferenceLevelExceeded])
        #expect(try issues(when: "principal in Group::\"g\"", level: 0) == [.dereferenceLevelExceeded])
        #expect(try issues(when: "context.mfa", level: 0) == [])
    }

    @Test func `an impossible policy is a warning`() throws {
        let schema = try Schema(parsing: Array(Self.schema.utf8))
        let set = try PolicySet(parsing: "permit(principal, action, resource) when { principal == resource };")
        let result = Validator(schema: schema).validate(set)
        #expect(result.isValid && result.warnings.map(\.code) == [.impossiblePolicy])
    }

    @Test(arguments: [("say_һello", ValidationResult.Issue.Code.mixedScripts), ("user\u{202E}", .bidirectionalCharacters)])
    func `look-alike text is a warning`(text: String, code: ValidationResult.Issue.Code) throws {
        let schema = try Schema(parsing: Array(Self.schema.utf8))
        let set = try PolicySet(parsing: "permit(principal, action, resource) when { principal.name == \"\(text)\" };")
        #expect(Validator(schema: schema).validate(set).warnings.map(\.code) == [code])
    }

    @Test(arguments: [
        "entity A, A;", "entity Action;", "entity A in B;", "entity in;", "type Long = String;", "type T = T;", "type T = U; type U = T;",
        "action a in a;", "action a appliesTo { principal: A };", "entity A; action a appliesTo { principal: [], resource: A };",
        "namespace __cedar { entity A; }", "entity A; namespace N { entity A; }", "namespace N { } namespace N { entity B; }",
        "entity E enum [];", "entity A = { x: Nope };", "entity A; action a appliesTo { principal: A, resource: A, context: Long };", "entity A",
        "action a; action a;", "entity A; action a appliesTo { principal: A, resource: A, principal: A };",
    ])
    func `schemas that do not hold together`(text: String) {
        let json = (try? SchemaFragment(parsing: Array(text.utf8)))?.json.serialized()
        #expect(throws: CedarError.self, "\(json ?? "")") { try Schema(parsing: Array(text.utf8)) }
    }

    @Test func `requests and entities must conform`() throws {
        let schema = try Schema(parsing: Array(Self.schema.utf8))
        let good = #"{"principal":{"type":"User","id":"a"},"action":{"type":"Action","id":"view"},"resource":{"type":"Doc","id":"d"},"context":{"mfa":true}}"#
        _ = try Request(parsing: Array(good.utf8), schema: schema)
        for (from, to) in [("\"Doc\"", "\"User\""), ("view", "all"), ("view", "nope"), ("true", "1"), ("{\"mfa\":true}", "{}")] {
            let bad = good.replacing(from, with: to)
            #expect(throws: CedarError.self) { try Request(parsing: Array(bad.utf8), schema: schema) }
        }
        let entity = #"[{"uid":{"type":"User","id":"a"},"attrs":{"name":"a"},"parents":[]}]"#
        #expect(throws: CedarError.self) { try Entities(parsing: Array(entity.utf8), schema: schema) }
    }
}
