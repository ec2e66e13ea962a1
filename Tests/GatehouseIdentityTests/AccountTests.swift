import GatehouseIdentity
import GatehouseStore
import JOSE
import Passwords
import StrictJSON
import Synchronization
import Testing

/// Users over a store in memory, hashing at a low cost and without waiting.
struct TestAccounts {
    static let password = "correct horse battery"
    let clock = TestClock()
    let events = EventRecorder()
    let store: Store
    let service: AccountService
    let sealer: EphemeralSealer

    init(_ change: (inout SignInPolicy) -> Void = { _ in }) async throws {
        store = try await Store.open(.memory)
        try await store.migrate([IdentityTables.migrations])
        var random = SystemRandomNumberGenerator()
        let hasher = try #require(PasswordHasher(Argon2Parameters(memoryKiB: 64, iterations: 1), using: &random))
        var policy = SignInPolicy()
        change(&policy)
        sealer = EphemeralSealer()
        service = AccountService(
            store: store, sealer: sealer, hasher: hasher, rules: PasswordRules(), policy: policy,
            configuration: IdentityConfiguration(issuer: TestHouse.issuer), cores: 2, clock: clock, events: events, pause: { _ in })
        let user = User(id: "u1", name: "Alice@Example.org", claims: ["name": "Alice", "email": "alice@example.org", "nickname": "al"])
        guard case .success = try await service.create(user, password: Self.password) else {
            Issue.record("the user was not made")
            return
        }
    }

    func signIn(_ password: String = password, name: String = "alice@example.org", network: String = "192.0.2.0/24", device: String? = nil) async throws -> SignInOutcome {
        try await service.signIn(SignInAttempt(name: name, password: password, network: network, device: device))
    }

    func device() async throws -> String {
        guard case .signedIn(let result) = try await signIn() else { throw OAuthError(.serverError, "not signed in") }
        return result.device
    }

    /// The secret of a newly enrolled app, and recovery codes.
    func enrol() async throws -> (app: OneTimePassword, codes: [String]) {
        let user = try #require(try await service.users.user("u1"))
        let uri = try #require(try await service.enrolAuthenticator(of: user, issuer: "Test"))
        let secret = try #require(uri.firstMatch(of: #/secret=([A-Z2-7]+)/#)?.1)
        let bytes = try #require(Base32.decode(String(secret)))
        let app = try #require(OneTimePassword(secret: bytes))
        let codes = try #require(try await service.confirmAuthenticator(of: "u1", code: app.code(counter: app.step(at: clock.now))))
        return (app, codes)
    }

    func pending() async throws -> String {
        guard case .needsSecondFactor(let secret) = try await signIn() else { throw OAuthError(.serverError, "no second factor") }
        return secret
    }
}

extension SignInOutcome {
    var word: String {
        switch self {
        case .signedIn: "in"
        case .needsSecondFactor: "factor"
        case .refused: "refused"
        case .busy: "busy"
        }
    }
}

@Suite struct AccountTests {
    @Test func `the right password signs in, everything else is refused alike`() async throws {
        let accounts = try await TestAccounts()
        #expect(try await accounts.signIn().word == "in")
        #expect(try await accounts.signIn(name: "ALICE@example.ORG").word == "in")
        #expect(try await accounts.signIn("wrong password!").word == "refused")
        #expect(try await accounts.signIn(name: "nobody@example.org").word == "refused")
        #expect(try await accounts.service.users.disable("u1", at: accounts.clock.now))
        #expect(try await accounts.signIn().word == "refused")
    }

    @Test func `a name is given once, a weak password never`() async throws {
        let accounts = try await TestAccounts()
        let twin = User(id: "u2", name: "ALICE@example.org")
        #expect(try await accounts.service.create(twin, password: "another long password") == nil)
        guard case .failure(let refusal) = try await accounts.service.create(User(id: "u3", name: "bob"), password: "short") else {
            Issue.record("a short password was taken")
            return
        }
        #expect(refusal.reason == .tooShort(minimum: 15))
    }

    @Test func `the store tells no name, claim or hash`() async throws {
        let accounts = try await TestAccounts()
        let row = try #require(try await accounts.store.row("SELECT * FROM identity_users"))
        for column in ["profile", "password", "name_index"] {
            let text = String(decoding: try row.blob(column), as: UTF8.self).lowercased()
            #expect(!text.contains("alice") && !text.contains("argon2id"))
        }
    }

    @Test func `claims are told by scope`() async throws {
        let users = try await TestAccounts().service.users
        #expect(try await users.claims(of: "u1", scopes: ["openid", "email"]) == ["email": "alice@example.org"])
        #expect(try await users.claims(of: "u1", scopes: ["profile"]) == ["name": "Alice", "nickname": "al"])
        #expect(try await users.claims(of: "u9", scopes: ["profile"]) == nil)
    }

    @Test func `strangers spend their own budget, not the owner's`() async throws {
        let accounts = try await TestAccounts()
        let device = try await accounts.device()
        for number in 0..<200 { _ = try await accounts.signIn("wrong password!", network: "198.51.100.\(number)/32") }
        #expect(try await accounts.signIn(network: "198.51.100.9/32").word == "refused")
        #expect(try await accounts.signIn(device: device).word == "in")
        accounts.clock.advance(3600)
        #expect(try await accounts.signIn(network: "203.0.113.0/24").word == "in")
    }

    @Test func `a network that tries many names is slowed down`() async throws {
        let accounts = try await TestAccounts()
        for number in 0..<50 { _ = try await accounts.signIn("wrong password!", name: "user\(number)") }
        #expect(try await accounts.signIn().word == "refused")
        #expect(try await accounts.signIn(network: "203.0.113.0/24").word == "in")
    }

    @Test func `a known device has a budget too`() async throws {
        let accounts = try await TestAccounts()
        let device = try await accounts.device()
        for _ in 0..<10 { #expect(try await accounts.signIn("wrong password!", device: device).word == "refused") }
        #expect(try await accounts.signIn(device: device).word == "refused")
        accounts.clock.advance(60)
        #expect(try await accounts.signIn(device: device).word == "in")
        #expect(try await accounts.signIn(device: SecretFormats.device.prefix + "x").word == "in")
    }

    @Test func `after a hundred wrong passwords in a row unknown browsers are refused`() async throws {
        let accounts = try await TestAccounts { $0.fromStrangers = GuessBudget(capacity: 1000, refill: 1) }
        let device = try await accounts.device()
        for number in 0..<100 { _ = try await accounts.signIn("wrong password!", network: "198.51.100.\(number)/32") }
        accounts.clock.advance(86_400)
        #expect(try await accounts.signIn(network: "203.0.113.0/24").word == "refused")
        #expect(accounts.events.names.contains("guesses_exhausted"))
        #expect(try await accounts.signIn(device: device).word == "in")
        #expect(try await accounts.signIn(network: "203.0.113.0/24").word == "in")
    }

    @Test func `a new password ends sessions, grants and known devices`() async throws {
        let accounts = try await TestAccounts()
        let sessions = SessionStore(store: accounts.store, sealer: accounts.sealer)
        guard case .signedIn(let signedIn) = try await accounts.signIn() else { return }
        let cookie = try await sessions.begin(signedIn, agent: "x", at: accounts.clock.now).cookie
        #expect(try await accounts.service.changePassword(of: "u1", to: "short") == .tooShort(minimum: 15))
        #expect(try await sessions.session(cookie, at: accounts.clock.now) != nil)
        #expect(try await accounts.service.changePassword(of: "u1", to: "another long password") == nil)
        #expect(try await sessions.session(cookie, at: accounts.clock.now) == nil)
        #expect(try await accounts.signIn().word == "refused")
        #expect(try await accounts.signIn("another long password").word == "in")
    }

    // MARK: One-time codes

    @Test func `an app asks for its code, and a code works once`() async throws {
        let accounts = try await TestAccounts()
        let (app, codes) = try await accounts.enrol()
        #expect(codes.count == 10)
        let first = app.code(counter: app.step(at: accounts.clock.now))
        #expect(try await accounts.service.finish(accounts.pending(), code: first).word == "refused")
        accounts.clock.advance(30)
        let code = app.code(counter: app.step(at: accounts.clock.now))
        guard case .signedIn(let result) = try await accounts.service.finish(accounts.pending(), code: code) else {
            Issue.record("the code was refused")
            return
        }
        #expect(result.authentication.methods == ["pwd", "otp", "mfa"] && result.authentication.context == "urn:gatehouse:acr:mfa")
        #expect(try await accounts.service.finish(accounts.pending(), code: code).word == "refused")
        let user = try #require(try await accounts.service.users.user("u1"))
        #expect(try await accounts.service.enrolAuthenticator(of: user, issuer: "Test") == nil)
    }

    @Test func `of many requests with one code exactly one wins`() async throws {
        let accounts = try await TestAccounts { $0.oneTimeCodes = GuessBudget(capacity: 100, refill: 1) }
        let (app, _) = try await accounts.enrol()
        accounts.clock.advance(30)
        let code = app.code(counter: app.step(at: accounts.clock.now))
        var waiting: [String] = []
        for _ in 0..<5 { waiting.append(try await accounts.pending()) }
        let winners = try await withThrowingTaskGroup(of: Bool.self) { [waiting] group in
            for secret in waiting { for _ in 0..<4 { group.addTask { try await accounts.service.finish(secret, code: code).word == "in" } } }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(winners == 1)
    }

    @Test func `codes have a budget of their own, and a sign-in does not wait for ever`() async throws {
        let accounts = try await TestAccounts()
        let (app, codes) = try await accounts.enrol()
        accounts.clock.advance(3600)
        let pending = try await accounts.pending()
        for _ in 0..<5 { #expect(try await accounts.service.finish(pending, code: "000000").word == "refused") }
        #expect(try await accounts.service.finish(pending, code: app.code(counter: app.step(at: accounts.clock.now))).word == "refused")
        accounts.clock.advance(300)
        #expect(try await accounts.service.finish(pending, code: codes[0]).word == "refused")
        #expect(try await accounts.service.finish(accounts.pending(), code: codes[0]).word == "in")
        #expect(try await accounts.service.finish(accounts.pending(), code: codes[0]).word == "refused")
        #expect(accounts.events.names.contains("recovery_code_used"))
    }

    // MARK: Sessions

    @Test func `a session lives while it is used, and can be listed and ended`() async throws {
        let accounts = try await TestAccounts()
        let sessions = SessionStore(store: accounts.store, sealer: accounts.sealer)
        guard case .signedIn(let signedIn) = try await accounts.signIn() else { return }
        let (cookie, session) = try await sessions.begin(signedIn, agent: "Browser 1", at: accounts.clock.now)
        #expect(try await sessions.session(cookie, at: accounts.clock.now) == session)
        for _ in 0..<5 {
            accounts.clock.advance(11 * 3600)
            #expect(try await sessions.session(cookie, at: accounts.clock.now) != nil)
        }
        #expect(try await sessions.sessions(of: "u1", at: accounts.clock.now).map(\.agent) == ["Browser 1"])
        #expect(try await !sessions.end(session.id, of: "u2", at: accounts.clock.now))
        #expect(try await sessions.end(session.id, of: "u1", at: accounts.clock.now))
        #expect(try await sessions.session(cookie, at: accounts.clock.now) == nil)
        let (other, _) = try await sessions.begin(signedIn, agent: "", at: accounts.clock.now)
        accounts.clock.advance(12 * 3600)
        #expect(try await sessions.session(other, at: accounts.clock.now) == nil)
    }
}
