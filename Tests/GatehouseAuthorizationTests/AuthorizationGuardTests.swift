import Foundation
import GatehouseConfiguration
import GatehouseCore
import GatehouseGuards
import GatehouseTesting
import HTTPWire
import StrictJSON
import Testing

@testable import GatehouseAuthorization

@Suite struct AuthorizationGuardTests {
    @Test func `what a policy permits passes, and what none permits is 403`() throws {
        let shop = try Shop()
        #expect(shop.status(.get, "/items", as: caller("alice")) == 0)
        #expect(shop.status(.get, "/items/3", as: caller("alice")) == 0)
        let other = try Shop(policies: "permit(principal, action == Action::\"readItem\", resource);")
        #expect(other.status(.get, "/items", as: caller("alice")) == 403)
        #expect(other.recorder.rules == ["no_permit"])
    }

    @Test func `a caller without identity is asked for one`() throws {
        let shop = try Shop()
        let refusal = try #require(shop.ask(.get, "/items", as: nil).outcome.refusal)
        #expect(refusal.problem.status == 401)
        #expect(refusal.fields.first?.name == "www-authenticate")
    }

    @Test func `callers without identity are a principal where the mapping says so, and get 401 where it may not`() throws {
        let schema = Shop.schema.replacing("entity Role;", with: "entity Role; entity Nobody;").replacing(
            "listItems, readItem, GET appliesTo { principal: User", with: "listItems, readItem, GET appliesTo { principal: [User, Nobody]")
        let shop = try Shop(
            policies: "permit(principal, action == Action::\"listItems\", resource);", schema: schema,
            more: "      mapping: {anonymous: Nobody}")
        #expect(shop.status(.get, "/items", as: nil) == 0)
        #expect(shop.status(.get, "/items/1", as: nil) == 401)
    }

    @Test(arguments: [
        "/other", "/items/1/2", "/items/", "//items", "/items/..%2fadmin", "/items/1;x=2", "/items/%00", "/ITEMS", "/items/%2e%2e",
        "/items/%ff",
    ])
    func `a request that no template takes is denied`(target: String) throws {
        let shop = try Shop()
        #expect(shop.status(.get, target, as: caller("alice")) == 403)
        #expect(shop.recorder.rules == ["no_route"])
    }

    @Test func `a method that no route has is denied, HEAD goes with GET`() throws {
        let shop = try Shop()
        #expect(shop.status(.delete, "/items/1", as: caller("alice", roles: ["clerk"])) == 403)
        #expect(shop.status(.head, "/items", as: caller("alice")) == 0)
    }

    @Test func `the decision's id is on the answer and nothing else is`() throws {
        let shop = try Shop()
        let (exchange, outcome) = shop.ask(.get, "/orders/1", as: nil)
        shop.house.finish(exchange, outcome)
        #expect(exchange.response.fields.texts == ["www-authenticate: Bearer"])
        let (second, refused) = shop.ask(.post, "/orders", as: caller("alice"))
        shop.house.finish(second, refused)
        #expect(second.response.fields["gatehouse-decision"] == second.incident.description)
        #expect(refused.refusal?.problem.detail == nil)
    }

    @Test func `a policy may want a stronger login or a scope`() throws {
        let shop = try Shop()
        func challenge(_ change: (inout CallerIdentity) -> Void) -> String {
            let refusal = shop.ask(.post, "/orders", as: caller("alice", change)).outcome.refusal
            return refusal.map { "\($0.problem.status) \($0.fields.first?.value ?? "")" } ?? "passes"
        }
        #expect(
            challenge { $0.scopes = ["orders:write"] }
                == "401 Bearer error=\"insufficient_user_authentication\", error_description=\"A stronger or fresher login is required\", acr_values=\"phr\", max_age=\"300\""
        )
        #expect(challenge { $0.authenticationContext = "phr" } == "403 Bearer error=\"insufficient_scope\", scope=\"orders:write\"")
        #expect(challenge { ($0.authenticationContext, $0.scopes) = ("phr", ["orders:write"]) } == "passes")
    }

    @Test func `nobody is asked for a stronger login that would not help`() throws {
        let shop = try Shop(policies: Shop.policies.replacing("@id(\"customers-order\") permit(principal,", with: "@id(\"customers-order\") permit(principal in Role::\"customer\","))
        #expect(shop.status(.post, "/orders", as: caller("alice")) == 403)
        #expect(shop.status(.post, "/orders", as: caller("alice", roles: ["customer"])) == 401)
    }

    @Test func `the same subject of another issuer is another principal`() throws {
        let policies = "permit(principal == User::\"staff|alice\", action == Action::\"listItems\", resource);"
        let shop = try Shop(policies: policies, more: "      mapping: {issuers: {'https://id.example': staff, 'https://b.example': b}}")
        #expect(shop.status(.get, "/items", as: caller("alice")) == 0)
        #expect(shop.status(.get, "/items", as: caller("alice", issuer: "https://b.example")) == 403)
        #expect(shop.status(.get, "/items", as: caller("alice", issuer: "https://c.example")) == 403)
        #expect(shop.recorder.rules == ["no_permit", "unknown_issuer"])
    }

    @Test func `roles count from issuers that may give them`() throws {
        let policies = "permit(principal in Role::\"clerk\", action == Action::\"listItems\", resource);"
        let mapping = "      mapping: {issuers: {'https://id.example': staff, 'https://b.example': b}, role_issuers: [staff]}"
        let shop = try Shop(policies: policies, more: mapping)
        #expect(shop.status(.get, "/items", as: caller("alice", roles: ["clerk"])) == 0)
        #expect(shop.status(.get, "/items", as: caller("alice", issuer: "https://b.example", roles: ["clerk"])) == 403)
    }

    @Test func `an erring forbid denies, is logged and raises one alert a minute`() throws {
        let policies = """
            permit(principal, action, resource);
            @id("broken") forbid(principal, action == Action::"readItem", resource is Item) when { resource.id + 9223372036854775807 > 0 };
            """
        let shop = try Shop(policies: policies, routes: Shop.routes)
        #expect(shop.status(.get, "/items/5", as: caller("alice")) == 403)
        #expect(shop.status(.get, "/items/5", as: caller("alice")) == 403)
        #expect(shop.recorder.rules == ["policy_error", "policy_error"])
        #expect(shop.systemEvents == ["policy_error"])
        shop.house.clock.advance(by: .seconds(61))
        #expect(shop.status(.get, "/items/5", as: caller("alice")) == 403)
        #expect(shop.systemEvents == ["policy_error", "policy_error"])
        let lenient = try Shop(policies: policies, more: "      on_policy_error: ignore")
        #expect(lenient.status(.get, "/items/5", as: caller("alice")) == 0)
    }

    @Test func `a hidden route answers 404`() throws {
        let routes = Shop.routes.replacing("action: readItem", with: "action: readItem, hidden: true")
        let shop = try Shop(policies: "permit(principal, action == Action::\"listItems\", resource);", routes: routes)
        #expect(shop.status(.get, "/items/1", as: caller("alice")) == 404)
    }

    @Test func `in report nothing is refused and everything is recorded`() throws {
        let shop = try Shop(mode: .report)
        #expect(shop.status(.post, "/orders", as: caller("alice")) == 0)
        #expect(shop.recorder.decisions.first?.isEnforced == false)
    }
}

extension Shop {
    /// Names of the house's own events.
    var systemEvents: [String] { recorder.events.compactMap { if case .system(let record) = $0 { record.name } else { nil } } }
}
