public import GatehouseConfiguration
public import GatehouseCore
internal import GatehouseIdentity
public import GatehouseOutgoing
internal import HTTPWire
internal import JOSE
internal import StrictJSON
internal import Synchronization

/// Another OpenID provider that users come from: we are its relying party (OpenID Connect Core, code flow with PKCE, RFC 9207).
public final class OutsideProvider: Sendable {
    let settings: IdentityProvider
    private let transport: any OutsideTransport
    private let clock: any HouseClock
    private let state = Mutex(State())

    private struct State {
        var metadata: JSONValue?
        var keys: JSONWebKeySet?
        var fetched: Int64 = 0
    }

    /// A provider of the configuration.
    public init(_ settings: IdentityProvider, transport: any OutsideTransport, clock: any HouseClock) {
        self.settings = settings
        self.transport = transport
        self.clock = clock
    }

    /// What we remember while the user is there.
    struct Attempt: Sendable {
        var state: String
        var nonce: String
        var verifier: String
    }

    /// Where the browser goes.
    func address(_ attempt: Attempt, challenge: String, redirect: String) async throws -> String {
        let metadata = try await metadata()
        let endpoint = try string(metadata, "authorization_endpoint")
        let query = FormParameters([
            "client_id": settings.clientID, "response_type": "code", "redirect_uri": redirect,
            "scope": settings.scopes.joined(separator: " "),
            "state": attempt.state, "nonce": attempt.nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        ]).encoded
        return endpoint + (endpoint.contains("?") ? "&" : "?") + query
    }

    /// The verified claims for what came back.
    ///
    /// Refuses: an answer of another issuer, without `iss` where the provider promises one, and every ID token that does not hold.
    func claims(_ answer: FormParameters, _ attempt: Attempt, redirect: String) async throws -> OutsideClaims {
        let metadata = try await metadata()
        guard answer["state"] == attempt.state else { throw OutsideFailure("the answer is to another question") }
        let promises = metadata["authorization_response_iss_parameter_supported"]?.bool == true
        guard answer["iss"] == settings.issuer.text || (answer["iss"] == nil && !promises) else {
            throw OutsideFailure("the answer is another provider's")
        }
        guard let code = answer["code"] else { throw OutsideFailure("the provider answered `\(answer["error"] ?? "nothing")`") }
        var form = [
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": attempt.verifier,
            "client_id": settings.clientID,
        ]
        form["client_secret"] = settings.clientSecret?.value.reveal()
        let body = try await transport.post(try string(metadata, "token_endpoint"), form)
        guard let tokens = try? JSONValue(parsing: body), let token = tokens["id_token"]?.string else {
            throw OutsideFailure("the provider gave no ID token")
        }
        let claims = try await verify(token, nonce: attempt.nonce)
        return OutsideClaims(
            subject: claims.subject ?? "", values: try await known(claims, metadata, accessToken: tokens["access_token"]?.string))
    }

    /// What the ID token says, and what UserInfo says beside it, if it speaks of the same subject (OpenID Connect Core section 5.3.2).
    private func known(_ claims: JWTClaims, _ metadata: JSONValue, accessToken: String?) async throws -> JSONObject {
        var values = claims.json.root.value.object ?? [:]
        guard let accessToken, metadata["userinfo_endpoint"] != nil else { return values }
        let body = try await transport.get(try string(metadata, "userinfo_endpoint"), bearer: accessToken)
        guard let info = (try? JSONValue(parsing: body))?.object, info["sub"]?.string == claims.subject else {
            throw OutsideFailure("UserInfo speaks of another subject")
        }
        for member in info where !values.contains(key: member.key) { values.append(member.key, member.value) }
        return values
    }

    private func verify(_ token: String, nonce: String) async throws -> JWTClaims {
        var policy = JWTPolicy(issuer: settings.issuer.text, audiences: [settings.clientID], types: nil)
        policy.requiredClaims = ["sub", "iat", "nonce"]
        let now = NumericDate(seconds: Double(clock.wall / 1_000_000_000))
        var keys = try await keys(isStale: false)
        var verified = try? JWTVerifier(keys, allowing: .asymmetric, policy: policy).verify(token, at: now)
        if verified == nil {
            keys = try await self.keys(isStale: true)
            verified = try? JWTVerifier(keys, allowing: .asymmetric, policy: policy).verify(token, at: now)
        }
        guard let claims = verified?.claims, claims["nonce"]?.string == nonce, claims.subject?.isEmpty == false,
            claims.audiences.count == 1 || claims["azp"]?.string == settings.clientID
        else { throw OutsideFailure("the ID token does not hold") }
        return claims
    }

    // MARK: Documents

    private static let freshness: Int64 = 600
    private static let pause: Int64 = 30

    private func metadata() async throws -> JSONValue {
        try await fetch(after: Self.freshness)
        guard let metadata = state.withLock({ $0.metadata }) else { throw OutsideFailure("the provider cannot be reached") }
        return metadata
    }

    /// The keys; fetched anew where they may be stale, at most every 30 seconds.
    private func keys(isStale: Bool) async throws -> JSONWebKeySet {
        try await fetch(after: isStale ? Self.pause : Self.freshness)
        guard let keys = state.withLock({ $0.keys }) else { throw OutsideFailure("the provider's keys cannot be read") }
        return keys
    }

    /// Fetches both documents where the last time was so many seconds ago. The last good ones are kept where that fails.
    private func fetch(after seconds: Int64) async throws {
        let now = clock.wall / 1_000_000_000
        let isDue = state.withLock { state in
            guard state.metadata == nil || state.fetched + seconds <= now else { return false }
            state.fetched = now
            return true
        }
        guard isDue else { return }
        do {
            let metadata = try JSONValue(
                parsing: try await transport.get(settings.issuer.text + "/.well-known/openid-configuration", bearer: nil))
            guard metadata["issuer"]?.string == settings.issuer.text else {
                throw OutsideFailure("the discovery document is another issuer's")
            }
            let keys = try JSONWebKeySet(parsing: try await transport.get(try string(metadata, "jwks_uri"), bearer: nil))
            state.withLock { ($0.metadata, $0.keys) = (metadata, keys) }
        } catch {
            guard state.withLock({ $0.metadata }) != nil else { throw error }
        }
    }

    private func string(_ metadata: JSONValue, _ name: String) throws -> String {
        guard let text = metadata[name]?.string, text.hasPrefix("https://") || !settings.issuer.isSecure else {
            throw OutsideFailure("the provider's `\(name)` is missing, or not over tls")
        }
        return text
    }
}

/// What another provider says of a user.
struct OutsideClaims: Sendable {
    let subject: String
    let values: JSONObject

    subscript(name: String) -> JSONValue? { values[name] }
}

/// Why someone cannot come from another provider; for the event, not for the user.
struct OutsideFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Carries requests to other providers.
public protocol OutsideTransport: Sendable {
    /// The body of a good answer.
    func get(_ address: String, bearer: String?) async throws -> [UInt8]
    /// The body of a good answer to a form.
    func post(_ address: String, _ form: [String: String]) async throws -> [UInt8]
}

/// Carries them over the network.
public struct OutgoingOutsideTransport: OutsideTransport {
    private let client: OutgoingClient

    /// A carrier.
    public init(_ client: OutgoingClient) { self.client = client }

    /// The body of a good answer.
    public func get(_ address: String, bearer: String?) async throws -> [UInt8] {
        try await send(.init(.get, try parsed(address), fields: bearer.map { [("authorization", "Bearer " + $0)] } ?? []))
    }

    /// The body of a good answer to a form.
    public func post(_ address: String, _ form: [String: String]) async throws -> [UInt8] {
        try await send(.form(try parsed(address), form.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    }

    private func parsed(_ text: String) throws -> HTTPAddress {
        guard let address = HTTPAddress(text) else { throw OutsideFailure("`\(text)` is no address") }
        return address
    }

    private func send(_ request: OutgoingRequest) async throws -> [UInt8] {
        let answer = try await client.send(request)
        guard answer.status == 200 else { throw OutsideFailure("`\(request.address.origin)` answered \(answer.status)") }
        return answer.body
    }
}
