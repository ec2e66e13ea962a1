import GatehouseConfiguration
internal import GatehouseCore
import GatehouseGuards
import GatehouseTesting
import HTTPWire
import JOSE
import StrictJSON
import Testing

@testable import GatehouseAuthentication

struct BearerTokenTests {
    @Test func `a good token makes the caller known and is kept from the backend`() throws {
        let issuer = try TestIssuer()
        let (exchange, outcome) = try GuardedHouse(.requiring(issuer)).send(["authorization": "Bearer \(issuer.token())"])
        #expect(outcome.isPass)
        let identity = try #require(exchange.identity)
        #expect(identity.issuer == "https://login.example")
        #expect(identity.subject == "alice")
        #expect(identity.client == "shop")
        #expect(identity.scopes == ["orders:read", "orders:write"])
        #expect(identity.credential == .bearer)
        #expect(exchange.principal == "alice")
        #expect(exchange.request.fields[.authorization] == nil)
    }

    @Test func `the backend gets an identity that verifies by the published keys`() throws {
        let issuer = try TestIssuer()
        let guarded = try GuardedHouse(.requiring(issuer))
        let (exchange, _) = try guarded.send(["authorization": "Bearer \(issuer.token(["groups": ["staff"]]))"])
        let field = try #require(exchange.backendFields[.gatehouseIdentity])
        let set = try JSONWebKeySet(parsing: guarded.ground.signer.published)
        let policy = JWTPolicy(issuer: "gatehouse", audiences: ["shop"], types: ["gatehouse-identity+jwt"])
        let claims = try JWTVerifier(set, allowing: [.es256], policy: policy).verify(field, at: NumericDate(seconds: Double(TestIssuer.now))).claims
        #expect(claims.subject == "alice")
        #expect(claims["idp"]?.string == "https://login.example")
        #expect(claims["groups"]?.elements.map(\.string) == ["staff"])
        #expect(claims.expiration?.seconds == Double(TestIssuer.now + 60))
    }

    @Test(
        arguments: [
            ("wrong audience", ["aud": "https://other.example"], "audience_mismatch"),
            ("wrong issuer", ["iss": "https://evil.example"], "issuer_mismatch"),
            ("expired", ["exp": JSONValue(TestIssuer.now - 61)], "expired"),
            ("not yet valid", ["nbf": JSONValue(TestIssuer.now + 61)], "not_yet_valid"),
            ("from the future", ["iat": JSONValue(TestIssuer.now + 61)], "not_yet_valid"),
            ("empty subject", ["sub": ""], "subject"),
            ("number for an audience", ["aud": 7], "malformed"),
            ("unknown confirmation", ["cnf": ["kid": "x"]], "confirmation"),
        ] as [(String, [String: JSONValue], String)])
    func `a token with bad claims is refused`(name: String, claims: [String: JSONValue], rule: String) throws {
        let issuer = try TestIssuer()
        let token = try issuer.token(claims.mapValues { Optional($0) })
        let (exchange, outcome) = try GuardedHouse(.requiring(issuer)).send(["authorization": "Bearer \(token)"])
        #expect(outcome.refusal?.rule == "token_" + rule, "\(name)")
        #expect(outcome.refusal?.problem.status == 401)
        #expect(outcome.refusal?.challenges.first?.contains("error=\"invalid_token\"") == true)
        #expect(exchange.identity == nil)
        #expect(exchange.backendFields.count == 0)
    }

    @Test func `skew is allowed for, and no more`() throws {
        let issuer = try TestIssuer()
        let token = try issuer.token(["exp": JSONValue(TestIssuer.now - 59)])
        #expect(try GuardedHouse(.requiring(issuer)).send(["authorization": "Bearer \(token)"]).outcome.isPass)
    }

    @Test func `an ID token is no access token`() throws {
        let issuer = try TestIssuer()
        let token = try issuer.token(type: "JWT")
        let outcome = try GuardedHouse(.requiring(issuer)).send(["authorization": "Bearer \(token)"]).outcome
        #expect(outcome.refusal?.rule == "token_type_mismatch")
    }

    @Test func `a token of another key is refused`() throws {
        let issuer = try TestIssuer()
        let token = try issuer.token(key: JSONWebKey.generate(for: .es256))
        #expect(try GuardedHouse(.requiring(issuer)).send(["authorization": "Bearer \(token)"]).outcome.refusal?.rule == "token_no_matching_key")
    }

    @Test func `one issuer cannot speak for another`() throws {
        let (first, second) = (try TestIssuer(), try TestIssuer("https://second.example"))
        let forged = try first.token(["iss": "https://second.example"])
        let house = try GuardedHouse(.requiring(first, second))
        #expect(house.send(["authorization": "Bearer \(forged)"]).outcome.refusal?.problem.status == 401)
        #expect(try house.send(["authorization": "Bearer \(second.token())"]).exchange.identity?.issuer == "https://second.example")
    }

    @Test func `a missing token is challenged without an error code`() throws {
        let issuer = try TestIssuer()
        let settings = AuthenticationGuardSettings.requiring(issuer) {
            $0.resource = HTTPAddress("https://api.example/v1")
            $0.scopes = [ScopeName("orders:read")].compactMap { $0 }
        }
        let refusal = try #require(try GuardedHouse(settings).send().outcome.refusal)
        #expect(refusal.problem.status == 401)
        #expect(
            refusal.challenges == [
                "Bearer realm=\"shop\", resource_metadata=\"https://api.example/.well-known/oauth-protected-resource/v1\", scope=\"orders:read\""
            ])
    }

    @Test func `an optional caller may be nobody but not a bad one`() throws {
        let issuer = try TestIssuer()
        let house = try GuardedHouse(.requiring(issuer) { $0.require = .optional })
        let (nobody, outcome) = house.send()
        #expect(outcome.isPass)
        #expect(nobody.identity == nil)
        #expect(house.send(["authorization": "Bearer x.y.z"]).outcome.refusal?.problem.status == 401)
    }

    @Test func `a missing scope is 403 and names what is needed`() throws {
        let issuer = try TestIssuer()
        let settings = AuthenticationGuardSettings.requiring(issuer) { $0.scopes = [ScopeName("admin")].compactMap { $0 } }
        let refusal = try #require(try GuardedHouse(settings).send(["authorization": "Bearer \(issuer.token())"]).outcome.refusal)
        #expect(refusal.problem.status == 403)
        #expect(refusal.challenges.first?.contains("error=\"insufficient_scope\"") == true)
        #expect(refusal.challenges.first?.contains("scope=\"admin\"") == true)
    }

    @Test func `two ways at once are refused`() throws {
        let issuer = try TestIssuer()
        let house = try GuardedHouse(.requiring(issuer))
        let token = try issuer.token()
        let twice = house.send(["authorization": "Bearer \(token)", "authorization": "Bearer \(token)"]).outcome
        #expect(twice.refusal?.problem.status == 400)
        #expect(twice.refusal?.challenges.first?.contains("invalid_request") == true)
        #expect(house.send(["authorization": "Bearer \(token) \(token)"]).outcome.refusal?.problem.status == 400)
    }

    @Test func `roles are found by a pointer`() throws {
        var issuer = try TestIssuer()
        var settings = issuer.settings
        settings.rolesClaim = "/realm_access/roles"
        var place = AuthenticationGuardSettings.requiring(issuer)
        place.issuers = [settings]
        let token = try issuer.token(["realm_access": ["roles": ["editor"]]])
        #expect(try GuardedHouse(place).send(["authorization": "Bearer \(token)"]).exchange.identity?.roles == ["editor"])
        issuer = try TestIssuer()
    }

    @Test func `in report a bad caller passes and the backend learns nothing`() throws {
        let issuer = try TestIssuer()
        let house = try GuardedHouse(.requiring(issuer) { $0.mode = .report }, mode: .report)
        let (exchange, outcome) = house.send(["authorization": "Bearer x"])
        #expect(outcome.isPass)
        #expect(house.house.recorder.decisions.count == 1)
        #expect(exchange.request.fields[.authorization] == "Bearer x")
        let (known, _) = try house.send(["authorization": "Bearer \(issuer.token())"])
        #expect(known.identity?.subject == "alice")
        #expect(known.backendFields.count == 0)
    }
}

struct StepUpTests {
    private func send(_ claims: [String: JSONValue?]) throws -> Refusal? {
        let issuer = try TestIssuer()
        let settings = AuthenticationGuardSettings.requiring(issuer) {
            $0.stepUp.contexts = ["mfa", "passkey"]
            $0.stepUp.maximumAge = .seconds(300)
        }
        return try GuardedHouse(settings).send(["authorization": "Bearer \(issuer.token(claims))"]).outcome.refusal
    }

    @Test func `a strong and recent sign-in passes`() throws {
        #expect(try send(["acr": "passkey", "auth_time": JSONValue(TestIssuer.now - 299)]) == nil)
    }

    @Test(
        arguments: [
            ["acr": "password", "auth_time": JSONValue(TestIssuer.now)], ["acr": "mfa", "auth_time": JSONValue(TestIssuer.now - 301)],
            ["acr": "mfa"], ["auth_time": JSONValue(TestIssuer.now)],
        ] as [[String: JSONValue]])
    func `others learn what they need`(claims: [String: JSONValue]) throws {
        let refusal = try #require(try send(claims.mapValues { Optional($0) }))
        #expect(refusal.problem.status == 401)
        #expect(
            refusal.challenges == [
                "Bearer realm=\"shop\", error=\"insufficient_user_authentication\", error_description=\"A different authentication level is required\", acr_values=\"mfa passkey\", max_age=\"300\""
            ])
    }
}

struct SpoofingTests {
    @Test func `fields that tell the identity never come from outside`() throws {
        var settings = AuthenticationGuardSettings()
        var header = IdentityHeader()
        header.name = try #require(FieldName("X-User"))
        settings.identity.headers = [header]
        let house = TestHouse([IdentityFieldsGuard(settings)])
        let exchange = house.exchange(.get, "/", ["x-user": "root", "x_user": "root", "gatehouse_identity": "x", "x-users": "1"])
        house.request(exchange)
        #expect(exchange.request.fields.texts == ["host: shop.example", "x-users: 1"])
    }

    @Test func `chosen fields carry the facts`() throws {
        let issuer = try TestIssuer()
        let settings = AuthenticationGuardSettings.requiring(issuer) { settings in
            settings.identity.sendsToken = false
            settings.identity.headers = [("x-user", IdentityFact.subject), ("x-scopes", .scopes), ("x-tenant", .claim("tenant"))].map { name, fact in
                var header = IdentityHeader()
                header.name = FieldName(name) ?? header.name
                header.fact = fact
                return header
            }
        }
        let (exchange, _) = try GuardedHouse(settings).send(["authorization": "Bearer \(issuer.token(["tenant": 42]))", "x-tenant": "1"])
        #expect(exchange.backendFields.texts == ["x-user: alice", "x-scopes: orders:read orders:write", "x-tenant: 42"])
        #expect(exchange.request.fields["x-tenant"] == nil)
    }
}

struct RevocationTests {
    @Test(arguments: [
        Revocation.token(issuer: "https://login.example", id: "token-1"), .subject(issuer: "https://login.example", subject: "alice"),
        .client(issuer: "https://login.example", client: "shop"), .session(issuer: "https://login.example", id: "s1"),
    ])
    func `what is revoked is refused on the next request`(revocation: Revocation) throws {
        let issuer = try TestIssuer()
        let house = try GuardedHouse(.requiring(issuer))
        let token = try issuer.token(["sid": "s1"])
        #expect(house.send(["authorization": "Bearer \(token)"]).outcome.isPass)
        house.ground.revoke(revocation)
        for _ in 0..<2 { #expect(house.send(["authorization": "Bearer \(token)"]).outcome.refusal?.rule == "revoked") }
    }

    @Test func `others are not`() throws {
        let issuer = try TestIssuer()
        let house = try GuardedHouse(.requiring(issuer))
        house.ground.revoke(.token(issuer: "https://login.example", id: "token-2"))
        house.ground.revoke(.subject(issuer: "https://other.example", subject: "alice"))
        #expect(try house.send(["authorization": "Bearer \(issuer.token())"]).outcome.isPass)
    }

    @Test func `a subject may sign in again after it was revoked`() throws {
        let issuer = try TestIssuer()
        let house = try GuardedHouse(.requiring(issuer))
        let before = try issuer.token()
        house.ground.revoke(.subject(issuer: "https://login.example", subject: "alice"))
        #expect(house.send(["authorization": "Bearer \(before)"]).outcome.refusal != nil)
        #expect(try house.send(["authorization": "Bearer \(issuer.token(["iat": JSONValue(TestIssuer.now + 1)]))"]).outcome.isPass)
    }
}

struct VerifiedCacheTests {
    private let credential = VerifiedCredential(CallerIdentity(issuer: "i", subject: "s", credential: .bearer), expires: .max)

    @Test func `it is bounded and keeps what is asked for`() {
        let cache = VerifiedCache(capacity: 100)
        let kept = cache.key(Array("kept".utf8)[...], policy: 1)
        cache.insert(credential, under: kept, until: 100, verifiedSince: cache.moment)
        var alive = 0
        for number in 0..<1000 {
            cache.insert(credential, under: cache.key(Array("\(number)".utf8)[...], policy: 1), until: 100, verifiedSince: cache.moment)
            #expect(cache.find(kept, at: 0) != nil)
        }
        for number in 0..<1000 where cache.find(cache.key(Array("\(number)".utf8)[...], policy: 1), at: 0) != nil { alive += 1 }
        #expect(alive <= 100)
    }

    @Test func `what ends is not found`() {
        let cache = VerifiedCache(capacity: 100)
        let key = cache.key([1, 2], policy: 1)
        cache.insert(credential, under: key, until: 100, verifiedSince: cache.moment)
        #expect(cache.find(key, at: 99) != nil)
        #expect(cache.find(key, at: 100) == nil)
        #expect(cache.find(cache.key([1, 2], policy: 2), at: 0) == nil)
    }

    @Test func `what was under verification when a revocation came is not remembered`() {
        let cache = VerifiedCache(capacity: 100)
        let (key, moment) = (cache.key([1], policy: 1), cache.moment)
        cache.remove { _ in false }
        cache.insert(credential, under: key, until: 100, verifiedSince: moment)
        #expect(cache.find(key, at: 0) == nil)
    }
}
