import Foundation
import GatehouseCore
import GatehouseIdentity
import GatehouseIdentitySite
import GatehouseStore
import GatehouseTools
import JOSE
import Passwords
import StrictJSON
import Testing

/// A provider in this process, and ways to break it.
struct BrokenProvider: WebTransport {
    static let origin = "http://localhost:4444"

    let site: IdentitySite
    /// Changes what goes in.
    var request: @Sendable (inout WebRequest) -> Void = { _ in }
    /// Changes what comes out.
    var answer: @Sendable (WebRequest, inout WebAnswer) -> Void = { _, _ in }

    struct Silence: EventSink { func emit(_ event: Event) {} }
    struct Notices: NoticeSender {
        let inbox: LogoutInbox
        func send(_ notices: [BackChannelNotice]) { for notice in notices { inbox.take(notice.logoutToken) } }
    }

    init(_ inbox: LogoutInbox) async throws {
        let store = try await Store.open(.memory)
        try await store.migrate([IdentityTables.migrations])
        var configuration = IdentityConfiguration(issuer: Self.origin)
        configuration.signingAlgorithms = [.rs256]
        let (sealer, clock, events) = (EphemeralSealer(), SystemClock(), Silence())
        var random = SystemRandomNumberGenerator()
        let hasher = try #require(PasswordHasher(Argon2Parameters(memoryKiB: 64, iterations: 1), using: &random))
        let accounts = AccountService(
            store: store, sealer: sealer, hasher: hasher, rules: PasswordRules(), configuration: configuration, cores: 2, clock: clock, events: events)
        let secret = [UInt8](repeating: 1, count: 32)
        let server = AuthorizationServer(
            configuration, store: store, sealer: sealer, users: accounts.users, proofSecret: secret, clock: clock, events: events)
        try await server.maintain()
        site = IdentitySite(
            server: server, accounts: accounts, sessions: SessionStore(store: store, sealer: sealer),
            apiKeys: APIKeyStore(store: store, sealer: sealer), settings: SiteSettings(), party: nil, mail: NoMail(),
            notices: Notices(inbox: inbox), secret: secret, clock: clock, events: events)
        let claims: JSONObject = [
            "name": "Ann", "email": "ann@example.org", "email_verified": true, "phone_number": "+1", "phone_number_verified": false,
            "address": ["formatted": "1 Road"],
        ]
        _ = try await accounts.create(User(id: "u1", name: "ann", claims: claims), password: "a long pass phrase")
        for (id, method) in [("one", Client.AuthenticationMethod.basic), ("two", .basic), ("post", .post)] {
            var metadata = Client.Metadata(
                name: id, authentication: method, redirectURIs: ["https://rp.example/cb"], scopes: IdentityConfiguration.standardScopes)
            metadata.requiresPKCE = false
            metadata.postLogoutRedirectURIs = ["https://rp.example/bye"]
            metadata.backChannelLogoutURI = "https://rp.example/back"
            let client = Client(id: id, metadata: metadata, secretHash: ClientStore.hash(secret: "secret of " + id))
            try await store.write { try ClientStore.insert(client, at: 0, in: $0) }
        }
    }

    static let plan = """
        {"server": {"discoveryUrl": "\(origin)/.well-known/openid-configuration"}, "redirect_uri": "https://rp.example/cb",
         "post_logout_redirect_uri": "https://rp.example/bye", "client": {"client_id": "one", "client_secret": "secret of one"},
         "client2": {"client_id": "two", "client_secret": "secret of two"}, "client_secret_post": {"client_id": "post", "client_secret": "secret of post"},
         "user": {"name": "ann", "password": "a long pass phrase"}}
        """

    func send(_ request: WebRequest) async throws -> WebAnswer {
        var request = request
        self.request(&request)
        let target = request.address.dropFirst(Self.origin.count)
        let path = String(target.prefix { $0 != "?" })
        var fields: [String: [String]] = [:]
        for field in request.fields { fields[field.name, default: []].append(field.value) }
        let made = await site.answer(
            SiteRequest(
                method: request.method, path: path, query: String(target.dropFirst(path.count + 1)), body: request.body, network: "127.0.0.0/24",
                fields: fields))
        var answer = WebAnswer(status: made.status, fields: made.fields.map { ($0.name.lowercased(), $0.value) }, body: made.body)
        self.answer(request, &answer)
        return answer
    }

    func results(_ inbox: LogoutInbox, filter: String = "") async throws -> [OpenIDConformance.Result] {
        var conformance = OpenIDConformance(try OpenIDPlan(parsing: Array(Self.plan.utf8)), self, inbox: inbox)
        conformance.lateness = .milliseconds(10)
        conformance.filter = filter
        return try await conformance.run()
    }
}

@Suite struct OpenIDConformanceTests {
    @Test func `every module passes against a provider that is right`() async throws {
        let inbox = LogoutInbox()
        let results = try await BrokenProvider(inbox).results(inbox)
        #expect(results.count == 90)
        for result in results { #expect(result.failure == nil, "\(result.suite) \(result.module)") }
    }

    typealias Break = @Sendable (inout BrokenProvider) -> Void

    static func replace(_ old: String, with new: String, where path: String) -> Break {
        { provider in
            provider.answer = { request, answer in
                guard request.address.contains(path) else { return }
                answer.body = Array(String(decoding: answer.body, as: UTF8.self).replacingOccurrences(of: old, with: new).utf8)
                answer.fields = answer.fields.map { ($0.name, $0.value.replacingOccurrences(of: old, with: new)) }
            }
        }
    }

    static func drop(_ parameter: String, of path: String) -> Break {
        { provider in
            provider.request = { request in
                guard request.address.contains(path), let mark = request.address.firstIndex(of: "?") else { return }
                let pairs = request.address[request.address.index(after: mark)...].split(separator: "&").filter { !$0.hasPrefix(parameter + "=") }
                request.address = request.address[...mark] + pairs.joined(separator: "&")
            }
        }
    }

    @Test(
        arguments: [
            ("oidcc-server", replace("state=", with: "state=x", where: "/consent")),
            ("oidcc-server", replace("iss=", with: "iss=x", where: "/consent")),
            ("oidcc-server", replace("no-store", with: "private", where: "/token")),
            ("oidcc-userinfo-get", replace("\"sub\":\"u1\"", with: "\"sub\":\"u2\"", where: "/userinfo")),
            ("oidcc-scope-email", replace("\"email\"", with: "\"mail\"", where: "/userinfo")),
            ("oidcc-prompt-login", drop("prompt", of: "/authorize")), ("oidcc-prompt-none-not-logged-in", drop("prompt", of: "/authorize")),
            ("oidcc-max-age-1", drop("max_age", of: "/authorize")), ("oidcc-claims-essential", drop("claims", of: "/authorize")),
            ("oidcc-unsigned-request-object", drop("request", of: "/authorize")), ("oidcc-request-uri", drop("request_uri", of: "/authorize")),
            ("oidcc-response-type-missing", replace("error=invalid_request", with: "code=x", where: "/authorize")),
            ("oidcc-codereuse", replace("invalid_grant", with: "invalid_request", where: "/token")),
            ("oidcc-ensure-registered-redirect-uri", { $0.answer = { if $0.address.contains("not-registered"), $1.status == 400 { $1.status = 200 } } }),
            ("oidcc-discovery-endpoint-verification", replace("[\"S256\"]", with: "[\"S256\",\"plain\"]", where: "/.well-known")),
            ("oidcc-discovery-endpoint-verification", replace("RS256", with: "none", where: "/.well-known")),
            ("oidcc-rp-initiated-logout-no-state", replace("https://rp.example/bye", with: "https://rp.example/bye?state=x", where: "/logout")),
            ("oidcc-rp-initiated-logout-only-state", { $0.request = { if $0.address.contains("/logout") { $0.address = BrokenProvider.origin + "/signin" } } }),
            ("oidcc-backchannel-logout-discovery", replace("\"backchannel_logout_supported\":true", with: "\"x\":1", where: "/.well-known")),
        ] as [(String, Break)])
    func `a provider that is wrong fails the module that looks for it`(module: String, breaking: Break) async throws {
        let inbox = LogoutInbox()
        var provider = try await BrokenProvider(inbox)
        breaking(&provider)
        let failures = try await provider.results(inbox, filter: module).filter { $0.failure != nil }
        #expect(!failures.isEmpty)
    }

    @Test func `a logout token that never comes is noticed`() async throws {
        let inbox = LogoutInbox()
        let provider = try await BrokenProvider(LogoutInbox())
        let results = try await provider.results(inbox, filter: "backchannel-rp-initiated")
        #expect(results.count == 1 && results[0].failure?.contains("no logout token") == true)
    }
}
