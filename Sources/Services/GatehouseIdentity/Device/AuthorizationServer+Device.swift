import GatehouseStore
import JOSE
import Passwords
import StrictJSON

/// A device that a user is asked about.
public struct DeviceRequest: Sendable {
    /// The client on the device.
    public let client: Client
    /// Scopes that it asks for.
    public let scopes: [String]
    let userCode: [UInt8]
}

extension AuthorizationServer {
    /// The device authorization endpoint (RFC 8628 section 3.1).
    public func authorizeDevice(_ request: IdentityRequest) async -> IdentityResponse {
        await answer(request) {
            guard request.method == "POST" else { throw OAuthError(.invalidRequest, "the method must be POST") }
            let client = try await authenticator.authenticate(request, at: now)
            guard client.metadata.grantTypes.contains(DeviceCode.grantType) else {
                throw OAuthError(.unauthorizedClient, "not registered for this grant type")
            }
            let scopes = request.parameters.words("scope").filter {
                client.metadata.scopes.contains($0) && configuration.knownScopes.contains($0)
            }
            guard !scopes.isEmpty else { throw OAuthError(.invalidScope, "no scope is left that the client may have") }
            let resources = resources(for: scopes, asked: request.parameters.words("resource"))
            guard resources.allSatisfy({ configuration.resource($0) != nil }) else {
                throw OAuthError(.invalidTarget, "the resource is not known")
            }
            return .json(.object(try await keepDevice(client, scopes, resources)))
        }
    }

    private func keepDevice(_ client: Client, _ scopes: [String], _ resources: [String]) async throws -> JSONObject {
        var random = SystemRandomNumberGenerator()
        let secret = SecretFormats.deviceCode.generate(using: &random)
        let code = UserCode.generate()
        let expires = now + configuration.deviceCodeLifetime
        try await store.run(
            """
            INSERT INTO identity_device_codes (hash, user_code, client_id, scope, resources, expires, pace, state)
            VALUES (\(secret.hash), \(UserCode.hash(code)), \(client.id), \(scopes.joined(separator: " ")),
                \(resources.joined(separator: " ")), \(expires), \(configuration.devicePace), 'pending')
            """)
        let page = address(configuration.endpoints.device)
        return [
            "device_code": .string(secret.text), "user_code": .string(code), "verification_uri": .string(page),
            "verification_uri_complete": .string(page + "?user_code=" + code), "expires_in": JSONValue(configuration.deviceCodeLifetime),
            "interval": JSONValue(configuration.devicePace),
        ]
    }

    // MARK: The user's side

    /// The device behind a code that a user typed; nil where there is none that waits.
    ///
    /// Assumes: whoever serves the page counts wrong codes, since eight letters can be guessed by someone who may try often enough.
    public func device(userCode typed: String) async throws -> DeviceRequest? {
        guard let hash = UserCode.hash(typed) else { return nil }
        let now = now
        return try await store.read { transaction in
            let row = try transaction.row(
                "SELECT * FROM identity_device_codes WHERE user_code = \(hash) AND state = 'pending' AND expires > \(now)")
            guard let code = try row.map({ try DeviceCode($0) }), let client = try ClientStore.client(code.clientID, in: transaction),
                !client.isDisabled
            else { return nil }
            return DeviceRequest(client: client, scopes: code.scopes, userCode: hash)
        }
    }

    /// Allows the device what it asked for.
    ///
    /// - Returns: false where it is too late.
    public func approve(_ device: DeviceRequest, by session: LoginSession) async throws -> Bool {
        let now = now
        let (id, lifetime) = (newIdentifier(), configuration.grantLifetime)
        return try await store.write { transaction in
            let row = try transaction.row(
                "SELECT * FROM identity_device_codes WHERE user_code = \(device.userCode) AND state = 'pending' AND expires > \(now)")
            guard let code = try row.map({ try DeviceCode($0) }) else { return false }
            let grant = Grant(
                id: id, clientID: code.clientID, userID: session.userID, sessionID: nil, scopes: code.scopes, resources: code.resources,
                authentication: session.authentication, created: now, expires: now + lifetime)
            try GrantStore.insert(grant, in: transaction)
            return try transaction.run(
                "UPDATE identity_device_codes SET state = 'approved', grant_id = \(id) WHERE user_code = \(device.userCode) AND state = 'pending'"
            ) == 1
        }
    }

    /// Refuses the device.
    public func deny(_ device: DeviceRequest) async throws {
        try await store.run("UPDATE identity_device_codes SET state = 'denied' WHERE user_code = \(device.userCode) AND state = 'pending'")
    }

    // MARK: The device's side

    /// Tokens for a device code, once the user has allowed it (RFC 8628 section 3.4).
    func redeemDeviceCode(_ parameters: FormParameters, _ client: Client, _ proof: DPoPProof?) async throws -> JSONObject {
        let now = now
        guard let hash = SecretFormats.deviceCode.hash(of: try parameters.required("device_code")),
            let code = try await store.read({ try DeviceCode.find(hash, in: $0) }), code.clientID == client.id
        else { throw OAuthError(.invalidGrant, "the device code is not known") }
        let standing = code.standing(at: now)
        guard standing == .ready, let id = code.grantID, let grant = try await store.read({ try GrantStore.grant(id, in: $0) }) else {
            try await store.write { try DeviceCode.note(hash, tooFast: standing == .tooFast, at: now, in: $0) }
            throw Self.refusal(standing)
        }
        var plan = try await plan(grant, grant.scopes, parameters, client, proof, at: now)
        if client.metadata.grantTypes.contains("refresh_token"), grant.scopes.contains("offline_access") || !grant.scopes.contains("openid")
        {
            plan.addRefreshToken(configuration)
        }
        if grant.scopes.contains("openid") { try plan.addIDToken(nonce: nil, claims: [:], configuration, keys) }
        let made = plan
        let isWinner = try await store.write { transaction in
            guard try GrantStore.grant(id, in: transaction)?.isActive(at: now) == true, try DeviceCode.spend(hash, in: transaction) else {
                return false
            }
            try made.insert(in: transaction)
            return true
        }
        guard isWinner else { throw OAuthError(.invalidGrant, "the device code was used before") }
        return made.body
    }

    private static func refusal(_ standing: DeviceCode.Standing) -> OAuthError {
        switch standing {
        case .pending: OAuthError(.authorizationPending, "the user has not decided yet")
        case .tooFast: OAuthError(.slowDown, "asked too fast: wait five seconds longer from now on")
        case .denied: OAuthError(.accessDenied, "the user refused")
        case .expired: OAuthError(.expiredToken, "the device code has expired")
        case .spent, .ready: OAuthError(.invalidGrant, "the device code was used before")
        }
    }
}
