import Crypto
import Foundation
import GatehouseCore
import GatehouseIdentity
import GatehouseStore
import JOSE
import StrictJSON
import Synchronization
import Testing

/// A clock that stands still until it is moved.
final class TestClock: HouseClock {
    private let seconds = Mutex<Int64>(1_800_000_000)
    var monotonic: Int64 { wall }
    var wall: Int64 { seconds.withLock { $0 } * 1_000_000_000 }
    func advance(_ by: Int64) { seconds.withLock { $0 += by } }
    var now: Int64 { seconds.withLock { $0 } }
}

/// Keeps the names of events.
final class EventRecorder: EventSink {
    private let kept = Mutex<[String]>([])
    func emit(_ event: Event) {
        if case .system(let record) = event { kept.withLock { $0.append(record.name) } }
    }
    var names: [String] { kept.withLock { $0 } }
}

struct TestUsers: UserDirectory {
    func claims(of userID: String, scopes: Set<String>) async throws -> JSONObject? {
        guard userID == "alice" else { return nil }
        var claims: JSONObject = [:]
        if scopes.contains("profile") { claims.append("name", "Alice A.") }
        if scopes.contains("email") { claims.append("email", "alice@example.org") }
        return claims
    }
}

/// An authorization server with clients, on a store in memory.
struct TestHouse {
    static let issuer = "https://id.example"
    static let api = "https://api.example"
    static let redirect = "https://app.example/callback"
    static let secret = "gatecs_test-secret-with-enough-letters"

    let clock = TestClock()
    let events = EventRecorder()
    let store: Store
    let server: AuthorizationServer

    init(location: StoreLocation = .memory, _ change: (inout IdentityConfiguration) -> Void = { _ in }) async throws {
        store = try await Store.open(location)
        try await store.migrate([IdentityTables.migrations])
        var configuration = IdentityConfiguration(issuer: Self.issuer)
        configuration.signingAlgorithms = [.es256]
        configuration.resources = [
            ProtectedResource(identifier: Self.api, scopes: ["read", "write"]),
            ProtectedResource(identifier: "https://jwt.example", scopes: ["orders"], format: .jwt),
        ]
        configuration.requiresProofNonce = false
        change(&configuration)
        server = AuthorizationServer(
            configuration, store: store, sealer: EphemeralSealer(), users: TestUsers(), proofSecret: [UInt8](repeating: 5, count: 32), clock: clock,
            events: events)
        try await server.maintain()
        try await add("app")
        try await add("other")
        try await add("api") { $0.introspects = [Self.api, "https://jwt.example"] }
        try await add("public", secret: nil) { $0.authentication = .none }
    }

    func add(_ id: String, secret: String? = secret, _ change: @Sendable (inout Client.Metadata) -> Void = { _ in }) async throws {
        var metadata = Client.Metadata(
            name: id, authentication: .post, redirectURIs: [Self.redirect],
            grantTypes: ["authorization_code", "refresh_token", "client_credentials"],
            scopes: ["openid", "profile", "email", "offline_access", "read", "write", "orders"])
        metadata.idTokenAlgorithm = .es256
        if secret == nil { metadata.grantTypes.remove("client_credentials") }
        change(&metadata)
        let client = Client(id: id, metadata: metadata, secretHash: secret.map { [UInt8](SHA256.hash(data: Array($0.utf8))) })
        let now = clock.now
        try await store.write { try ClientStore.insert(client, at: now, in: $0) }
    }

    // MARK: Flows

    static let verifier = String(repeating: "v", count: 43)
    static let challenge = Base64URL.string([UInt8](SHA256.hash(data: Array(verifier.utf8))))

    var session: LoginSession {
        LoginSession(
            id: "s1", userID: "alice", authentication: .init(time: clock.now, context: "urn:gatehouse:acr:mfa", methods: ["pwd", "otp"]))
    }

    static func request(_ client: String = "app", _ change: [String: String] = [:]) -> [String: String] {
        [
            "client_id": client, "response_type": "code", "redirect_uri": redirect, "scope": "openid profile offline_access read", "state": "st",
            "nonce": "no", "code_challenge": challenge, "code_challenge_method": "S256",
        ].merging(change) { $1 }
    }

    /// The parameters of the answer that a signed-in, consenting user's browser carries back.
    func authorize(_ parameters: [String: String] = request()) async throws -> FormParameters {
        let session = session
        switch try await server.authorize(FormParameters(parameters), session: session) {
        case .consent(let request): return try Self.answer(try await server.approve(request, by: session))
        case .respond(let response): return try Self.answer(response)
        case .page(let error): throw error
        case .signIn(_, let reason): throw OAuthError(.loginRequired, reason.rawValue)
        }
    }

    static func answer(_ response: IdentityResponse) throws -> FormParameters {
        let location = try #require(response["Location"])
        #expect(location.hasPrefix(redirect + "?"))
        let answer = try FormParameters(parsing: String(location.dropFirst(redirect.count + 1)))
        #expect(answer["iss"] == issuer)
        return answer
    }

    func token(_ parameters: [String: String], client: String = "app", proofs: [String] = []) async throws -> (status: Int, body: JSONValue) {
        var all = parameters.merging(["client_id": client]) { $1 }
        if client != "public" { all["client_secret"] = Self.secret }
        let response = await server.token(IdentityRequest(parameters: FormParameters(all), proofs: proofs))
        return (response.status, try JSONValue(parsing: response.body))
    }

    func redeem(_ code: String?, client: String = "app", _ change: [String: String] = [:]) async throws -> (status: Int, body: JSONValue) {
        let parameters = ["grant_type": "authorization_code", "code": code ?? "", "redirect_uri": Self.redirect, "code_verifier": Self.verifier]
        return try await token(parameters.merging(change) { $1 }, client: client)
    }

    func refresh(_ token: JSONValue?, client: String = "app", _ change: [String: String] = [:]) async throws -> (status: Int, body: JSONValue) {
        try await self.token(["grant_type": "refresh_token", "refresh_token": token?.string ?? ""].merging(change) { $1 }, client: client)
    }

    /// Tokens of a new code flow.
    func tokens(_ parameters: [String: String] = request(), client: String = "app") async throws -> JSONValue {
        let result = try await redeem(try await authorize(parameters)["code"], client: client)
        try #require(result.status == 200, "\(result.body)")
        return result.body
    }

    func introspect(_ token: JSONValue?, by client: String = "api") async throws -> JSONValue {
        let parameters = FormParameters(["client_id": client, "client_secret": Self.secret, "token": token?.string ?? ""])
        return try JSONValue(parsing: await server.introspect(IdentityRequest(parameters: parameters)).body)
    }

    func isActive(_ token: JSONValue?) async throws -> Bool { try await introspect(token)["active"] == true }
}

extension JSONValue {
    var errorCode: String? { self["error"]?.string }
}
