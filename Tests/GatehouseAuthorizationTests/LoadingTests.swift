import GatehouseCore
import GatehouseTesting
internal import HTTPWire
import Testing

@testable import GatehouseAuthorization

@Suite struct LoadingTests {
    /// What loading complains of.
    private func faults(policies: String = Shop.policies, schema: String = Shop.schema, routes: String = Shop.routes, more: String = "", files: [String: String] = [:]) -> [String] {
        do {
            let shop = try Shop(policies: policies, schema: schema, routes: routes, more: more, files: files)
            _ = shop
            return []
        } catch let fault as AuthorizationFault {
            return fault.messages.map { $0.split(separator: "/").last.map(String.init) ?? "" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `policies that do not pass strict validation are not put in force, with line and column`() {
        let wrong = """
            permit(principal, action == Action::"listItems", resource);
            permit(principal, action == Action::"readOrder", resource)
            when { resource.ownr == principal.subject };
            """
        let found = faults(policies: wrong)
        #expect(found.count == 1)
        #expect(found[0].hasPrefix("shop.cedar:3:8: policy `shop.cedar#2`: "))
        #expect(faults(policies: "permit(principal action, resource);")[0].hasPrefix("shop.cedar:1:18: "))
        #expect(faults(schema: "entity User; action x appliesTo { principal: Usr, resource: User };")[0].hasPrefix("schema.cedarschema"))
    }

    @Test func `an id that two policies have, and demands of a permit, are faults`() {
        #expect(faults(policies: "@id(\"a\") permit(principal, action, resource);\n@id(\"a\") permit(principal, action, resource);")[0].hasPrefix("shop.cedar:2:"))
        #expect(faults(policies: "@scope(\"x\") permit(principal, action, resource);")[0].contains("only a `forbid`"))
        #expect(faults(policies: "@scope(\"a\\\"b\") forbid(principal, action, resource);")[0].contains("printable ASCII"))
    }

    @Test(arguments: [
        ("context: {}", "context: { nothing: String }", "has `nothing`, which no request has"),
        ("acr?: String", "acr: String", "must be optional"),
        ("scopes: Set<String>", "scopes: String", "is Set<String>, not String"),
    ])
    func `a context that no request can have is a fault`(declared: String, instead: String, reason: String) {
        let found = faults(policies: "permit(principal, action == Action::\"readOrder\", resource);", schema: Shop.schema.replacing(declared, with: instead))
        #expect(found.contains { $0.contains(reason) }, "\(found)")
    }

    @Test(arguments: [
        ("action: readItem", "action: readItems", "does not declare `Action::\"readItems\"`"),
        ("Item::\"{id}\"", "Item::\"{nr}\"", "has no parameter `nr`"),
        ("Item::\"{id}\"", "Order::\"{id}\"", "does not apply to resources of type `Order`"),
        ("owner: /owner", "seller: /owner", "no attribute `seller`"),
        ("Item::\"{id}\"", "Item", "is no resource"),
        ("/items/{id}", "/items/{id", "brace"),
    ])
    func `a route that the schema does not go with is a fault`(text: String, instead: String, reason: String) {
        let found = faults(routes: Shop.routes.replacing(text, with: instead))
        #expect(found.contains { $0.contains(reason) }, "\(found)")
    }

    @Test func `entities that the schema does not admit are a fault`() {
        let found = faults(more: "      entities: entities.json", files: ["entities.json": #"[{"uid":{"type":"Order","id":"1"},"attrs":{},"parents":[]}]"#])
        #expect(found.contains { $0.contains("lacks the attribute") }, "\(found)")
    }

    @Test func `a bad set does not replace a good one, and a good one does at once`() throws {
        let shop = try Shop()
        #expect(shop.status(.get, "/items", as: caller("alice")) == 0)
        try shop.write(["policies/shop.cedar": "permit(principal, action, resource.x);"])
        #expect(throws: AuthorizationFault.self) { try shop.reload() }
        #expect(shop.status(.get, "/items", as: caller("alice")) == 0)
        try shop.write(["policies/shop.cedar": "forbid(principal, action, resource);"])
        try shop.reload()
        #expect(shop.status(.get, "/items", as: caller("alice")) == 403)
    }

    @Test func `policies of several files, with templates and links in JSON, are one set`() throws {
        let template = """
            {"staticPolicies":{},"templates":{"share":{"effect":"permit","principal":{"op":"==","slot":"?principal"},
            "action":{"op":"==","entity":{"type":"Action","id":"listItems"}},"resource":{"op":"All"},"conditions":[]}},
            "templateLinks":[{"templateId":"share","newId":"share-dora","values":{"?principal":{"type":"User","id":"https://id.example|dora"}}}]}
            """
        let shop = try Shop(
            policies: "permit(principal, action == Action::\"readItem\", resource);",
            files: ["policies/links.cedar.json": template])
        #expect(shop.status(.get, "/items", as: caller("dora")) == 0)
        #expect(shop.status(.get, "/items", as: caller("alice")) == 403)
    }
}
