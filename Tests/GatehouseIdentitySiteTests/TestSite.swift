import Crypto
import Foundation
import GatehouseCore
import GatehouseIdentity
import GatehouseIdentitySite
import GatehouseStore
import JOSE
import Passwords
import StrictJSON
import Synchronization
import Testing
import WebAuthn

/// A clock that stands still until it is moved.
final class SteadyClock: HouseClock {
    private let seconds = Mutex<Int64>(1_800_000_000)
    var monotonic: Int64 { wall }
    var wall: Int64 { seconds.withLock { $0 } * 1_000_000_000 }
    var now: Int64 { seconds.withLock { $0 } }
    func advance(_ by: Int64) { seconds.withLock { $0 += by } }
}

/// Keeps the names of events.
final class EventNames: EventSink {
    private let kept = Mutex<[String]>([])
    func emit(_ event: Event) { if case .system(let record) = event { kept.withLock { $0.append(record.name) } } }
    var all: [String] { kept.withLock { $0 } }
}

/// Keeps mail, and lets a test wait for it.
final class Mailbox: MailSender {
    let (stream, input) = AsyncStream<Mail>.makeStream()
    func send(_ mail: Mail) async throws { input.yield(mail) }
    func next() async -> Mail? { await stream.first { _ in true } }
}

final class NoticeBox: NoticeSender {
    private let kept = Mutex<[BackChannelNotice]>([])
    func send(_ notices: [BackChannelNotice]) { kept.withLock { $0 += notices } }
    var clients: [String] { kept.withLock { $0.map(\.clientID) } }
}

/// A provider with a user and clients, on a store in memory.
struct TestSite {
    static let issuer = "https://id.example"
    static let password = "correct horse battery staple"
    static let callback = "https://app.example/callback"

    let clock = SteadyClock()
    let events = EventNames()
    let mail = Mailbox()
    let notices = NoticeBox()
    let store: Store
    let site: IdentitySite
    let userID = "u-alice"

    init(
        _ change: (inout SiteSettings) -> Void = { _ in }, mfa: MFAPolicy = MFAPolicy(), issuer: String = Self.issuer,
        outside: [OutsideProvider] = [], location: StoreLocation = .memory
    ) async throws {
        store = try await Store.open(location)
        try await store.migrate([IdentityTables.migrations])
        var configuration = IdentityConfiguration(issuer: issuer)
        configuration.signingAlgorithms = [.es256]
        configuration.resources = [ProtectedResource(identifier: "https://api.example", scopes: ["read"])]
        let sealer = EphemeralSealer()
        var random = SystemRandomNumberGenerator()
        let hasher = try #require(PasswordHasher(Argon2Parameters(memoryKiB: 64, iterations: 1), using: &random))
        let accounts = AccountService(
            store: store, sealer: sealer, hasher: hasher, rules: PasswordRules(), mfa: mfa, configuration: configuration, cores: 2, clock: clock,
            events: events, pause: { _ in })
        let server = AuthorizationServer(
            configuration, store: store, sealer: sealer, users: accounts.users, proofSecret: [UInt8](repeating: 7, count: 32), clock: clock,
            events: events)
        try await server.maintain()
        var settings = SiteSettings()
        settings.personalTokenScopes = ["read"]
        change(&settings)
        site = IdentitySite(
            server: server, accounts: accounts, sessions: SessionStore(store: store, sealer: sealer),
            apiKeys: APIKeyStore(store: store, sealer: sealer), settings: settings,
            party: try RelyingParty(id: "id.example", name: "Test", origins: ["https://id.example"]), mail: mail, notices: notices, outside: outside,
            secret: [UInt8](repeating: 9, count: 32), clock: clock, events: events)
        let user = User(
            id: userID, name: "alice", claims: ["name": "Alice A.", "email": "alice@example.org", "email_verified": true, "groups": ["staff"]])
        guard case .success = try await accounts.create(user, password: Self.password) else { throw OAuthError(.serverError, "no user") }
        var metadata = Client.Metadata(
            name: "Shop <b>", authentication: .post, redirectURIs: [Self.callback], scopes: ["openid", "profile", "email", "offline_access", "read"])
        metadata.idTokenAlgorithm = .es256
        metadata.postLogoutRedirectURIs = ["https://app.example/bye"]
        metadata.backChannelLogoutURI = "https://app.example/backchannel"
        metadata.grantTypes.insert("urn:ietf:params:oauth:grant-type:device_code")
        let client = Client(id: "shop", metadata: metadata, secretHash: ClientStore.hash(secret: "s3cret-of-the-shop"))
        let now = clock.now
        var other = Client.Metadata(
            name: "Other house", authentication: .post, redirectURIs: [Self.issuer + "/outside/callback"], scopes: ["openid", "profile", "email"])
        other.idTokenAlgorithm = .es256
        let house = Client(id: "house", metadata: other, secretHash: ClientStore.hash(secret: "s3cret-of-the-house"))
        try await store.write { transaction in
            for client in [client, house] { try ClientStore.insert(client, at: now, in: transaction) }
        }
    }

    static let verifier = String(repeating: "v", count: 43)

    static func authorize(_ change: [String: String] = [:]) -> String {
        let challenge = Base64URL.string([UInt8](SHA256.hash(data: Array(verifier.utf8))))
        let all = [
            "client_id": "shop", "response_type": "code", "redirect_uri": callback, "scope": "openid profile", "state": "st", "nonce": "no",
            "code_challenge": challenge, "code_challenge_method": "S256",
        ].merging(change) { $1 }
        return "/authorize?" + FormParameters(all).encoded
    }

    /// Tokens for the code in an address.
    func tokens(_ address: String) async throws -> JSONValue {
        let query = try FormParameters(parsing: String(address.drop { $0 != "?" }.dropFirst()))
        let form = FormParameters([
            "grant_type": "authorization_code", "code": query["code"] ?? "", "redirect_uri": Self.callback, "code_verifier": Self.verifier,
            "client_id": "shop", "client_secret": "s3cret-of-the-shop",
        ])
        return try await call("/token", form)
    }

    func call(_ path: String, _ form: FormParameters) async throws -> JSONValue {
        let request = SiteRequest(
            method: "POST", path: path, body: Array(form.encoded.utf8), fields: ["content-type": ["application/x-www-form-urlencoded"]])
        return try JSONValue(parsing: await site.answer(request).body)
    }
}

/// A browser without scripts: it keeps cookies, follows redirects of its site, and sends forms as they stand on the page.
final class TestBrowser {
    let site: IdentitySite
    var cookies: [String: String] = [:]
    var origin = TestSite.issuer
    private(set) var page = IdentityResponse(status: 0)
    private(set) var address = ""

    init(_ site: IdentitySite) { self.site = site }

    var text: String { String(decoding: page.body, as: UTF8.self) }

    /// Opens an address; where it leads to another site, ``address`` tells.
    @discardableResult
    func open(_ target: String) async -> TestBrowser { await request("GET", target, [:]) }

    /// Sends the form that posts to a path, with values of its own and those given.
    @discardableResult
    func submit(_ path: String, _ values: [String: String] = [:]) async throws -> TestBrowser {
        let form = try #require(text.components(separatedBy: "<form ").first { $0.contains("action=\"\(path)\"") }, "no form \(path) in \(text)")
        var fields: [String: String] = [:]
        for input in form.components(separatedBy: "</form>")[0].components(separatedBy: "<input ").dropFirst() {
            let tag = input.prefix { $0 != ">" }
            guard let name = Self.attribute("name", tag), !tag.contains("type=\"checkbox\"") || tag.contains(" checked") else { continue }
            fields[name] = Self.attribute("value", tag) ?? ""
        }
        return await request("POST", path, fields.merging(values) { $1 })
    }

    func request(_ method: String, _ target: String, _ form: [String: String], site from: String = "same-origin") async -> TestBrowser {
        var (method, target, body) = (method, target, method == "POST" ? FormParameters(form).encoded : "")
        for _ in 0..<10 {
            let path = String(target.prefix { $0 != "?" })
            var fields = ["cookie": [cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")], "user-agent": ["Mozilla/5.0 (X11; Linux) Firefox/150.0"]]
            if method == "POST" {
                fields["origin"] = [origin]
                fields["sec-fetch-site"] = [from]
                fields["content-type"] = ["application/x-www-form-urlencoded"]
            }
            page = await site.answer(
                SiteRequest(
                    method: method, path: path, query: String(target.dropFirst(path.count + 1)), body: Array(body.utf8), network: "192.0.2.0/24",
                    fields: fields))
            address = target
            for field in page.fields where field.name == "Set-Cookie" { keep(field.value) }
            guard (300...399).contains(page.status), let location = page["Location"] else { return self }
            guard location.hasPrefix("/") else {
                address = location
                return self
            }
            (method, target, body) = ("GET", location, "")
        }
        return self
    }

    private func keep(_ field: String) {
        let parts = field.components(separatedBy: "; ")
        let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        cookies[String(pair[0])] = parts.contains("Max-Age=0") ? nil : String(pair[1])
    }

    private static func attribute(_ name: String, _ tag: Substring) -> String? {
        guard let start = tag.range(of: " \(name)=\"") ?? (tag.hasPrefix("\(name)=\"") ? tag.range(of: "\(name)=\"") : nil) else { return nil }
        return String(tag[start.upperBound...].prefix { $0 != "\"" })
            .replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(of: "&gt;", with: ">").replacingOccurrences(of: "&quot;", with: "\"")
            .replacingOccurrences(of: "&#39;", with: "'").replacingOccurrences(of: "&amp;", with: "&")
    }

    /// Signs in by password.
    @discardableResult
    func signIn(_ target: String = "/account", password: String = TestSite.password) async throws -> TestBrowser {
        await open(target)
        return try await submit("/signin", ["name": "alice", "password": password])
    }
}
