import JOSE
import StrictJSON

extension AuthorizationServer {
    /// The token endpoint (RFC 6749 section 3.2).
    public func token(_ request: IdentityRequest) async -> IdentityResponse {
        await answer(request) {
            guard request.method == "POST" else { throw OAuthError(.invalidRequest, "the method must be POST") }
            let client = try await authenticator.authenticate(request, at: now)
            let proof = try await proof(request, path: configuration.endpoints.token)
            guard proof != nil || !client.metadata.requiresProof else {
                throw OAuthError(.invalidDPoPProof, "this client must send a proof")
            }
            let body = try await tokens(request.parameters, client, proof)
            return .json(.object(body))
        }
    }

    private func tokens(_ parameters: FormParameters, _ client: Client, _ proof: DPoPProof?) async throws -> JSONObject {
        let type = try parameters.required("grant_type")
        guard ["authorization_code", "refresh_token", "client_credentials", DeviceCode.grantType].contains(type) else {
            throw OAuthError(.unsupportedGrantType, "this grant type is not supported")
        }
        guard client.metadata.grantTypes.contains(type) else { throw OAuthError(.unauthorizedClient, "not registered for this grant type") }
        switch type {
        case "authorization_code": return try await redeemCode(parameters, client, proof)
        case DeviceCode.grantType: return try await redeemDeviceCode(parameters, client, proof)
        case "refresh_token": return try await refresh(parameters, client, proof)
        default: return try await clientCredentials(parameters, client, proof)
        }
    }

    /// The one audience of an access token (RFC 8707 section 2.2), and the scopes that mean something there.
    func audience(_ parameters: FormParameters, _ allowed: [String], _ scopes: [String]) throws -> (audience: String, scopes: [String]) {
        let asked = parameters.words("resource")
        guard asked.count <= 1 else { throw OAuthError(.invalidTarget, "a token is for one resource") }
        if let one = asked.first {
            guard allowed.contains(one), let resource = configuration.resource(one) else {
                throw OAuthError(.invalidTarget, "the resource is not part of the grant")
            }
            return (one, scopes.filter { resource.scopes.contains($0) || IdentityConfiguration.standardScopes.contains($0) })
        }
        guard allowed.count <= 1 else { throw OAuthError(.invalidTarget, "`resource` must choose one of the grant's resources") }
        return (allowed.first ?? configuration.issuer, scopes)
    }

    /// Claims that the parameter `claims` asks to find in the ID token (OpenID Connect Core section 5.5).
    func requestedClaims(_ grant: Grant) async throws -> JSONObject {
        guard let userID = grant.userID, let text = grant.claims, let asked = try? JSONValue(parsing: text)["id_token"]?.object else {
            return [:]
        }
        let known = try await users.claims(of: userID, scopes: IdentityConfiguration.standardScopes) ?? [:]
        return JSONObject(asked.keys.compactMap { name in known[name].map { (name, $0) } })
    }
}
