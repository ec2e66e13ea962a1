import GatehouseCore
import JOSE
import StrictJSON

extension AuthorizationServer {
    /// The UserInfo endpoint (OpenID Connect Core section 5.3).
    ///
    /// Refuses: a token in the query, a bound token without its proof or as `Bearer`, a token without the scope `openid`.
    public func userInfo(_ request: IdentityRequest) async -> IdentityResponse {
        do {
            let token = try await presented(request)
            guard token.scopes.contains("openid"), let userID = token.grant.userID else {
                throw OAuthError(.insufficientScope, "the token has not the scope `openid`")
            }
            guard let claims = try await users.claims(of: userID, scopes: Set(token.scopes)) else {
                throw OAuthError(.invalidToken, "the user is not there any more")
            }
            var body: JSONObject = ["sub": .string(userID)]
            for member in claims where member.key != "sub" { body.append(member.key, member.value) }
            for member in try await furtherClaims(token, userID) where !body.contains(key: member.key) {
                body.append(member.key, member.value)
            }
            return .json(.object(body))
        } catch let error as OAuthError {
            return challenge(error)
        } catch {
            emit("endpoint_failed", .medium, "an endpoint failed", [("cause", "\(error)")])
            return .error(OAuthError(.serverError, "the server could not answer"))
        }
    }

    /// Claims that the parameter `claims` asks for by name.
    private func furtherClaims(_ token: PresentedToken, _ userID: String) async throws -> JSONObject {
        guard let text = token.grant.claims, let asked = try? JSONValue(parsing: text)["userinfo"]?.object else { return [:] }
        let known = try await users.claims(of: userID, scopes: IdentityConfiguration.standardScopes) ?? [:]
        return JSONObject(asked.keys.compactMap { name in known[name].map { (name, $0) } })
    }

    /// The token of a request to a protected resource (RFC 6750, RFC 9449 section 7).
    func presented(_ request: IdentityRequest) async throws -> PresentedToken {
        guard !request.hasQuery, request.method == "POST" || request.parameters["access_token"] == nil else {
            throw OAuthError(.invalidRequest, "a token in the query")
        }
        let inBody = request.method == "POST" ? request.parameters["access_token"] : nil
        guard request.authorization == nil || inBody == nil else { throw OAuthError(.invalidRequest, "a token in two places") }
        let parts = (request.authorization ?? inBody.map { "Bearer " + $0 } ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { throw OAuthError(.invalidToken, "") }
        let (scheme, text) = (parts[0].lowercased(), String(parts[1]))
        guard let token = try await PresentedToken.find(text, store: store, keys: keys, configuration: configuration, at: now) else {
            throw OAuthError(.invalidToken, "the token is not, or no longer, good")
        }
        let proof = try await proof(request, path: configuration.endpoints.userInfo, accessToken: text)
        guard token.confirmation == proof?.thumbprint, scheme == (token.confirmation == nil ? "bearer" : "dpop") else {
            throw OAuthError(.invalidToken, "the token is bound to a key that was not proven, or presented in the wrong scheme")
        }
        return token
    }

    /// A refusal with its challenge; a request without a token learns only how to bring one.
    private func challenge(_ error: OAuthError) -> IdentityResponse {
        let detail =
            error.reason.isEmpty
            ? "" : ", error=\"\(error.code.rawValue)\", error_description=\"\(error.reason.replacing("\"", with: "'"))\""
        let algorithms = "algs=\"ES256 EdDSA PS256\""
        var fields: [IdentityResponse.Field] = [
            .init("WWW-Authenticate", "Bearer realm=\"userinfo\"" + detail), .init("WWW-Authenticate", "DPoP \(algorithms)" + detail),
        ]
        if error.code == .useDPoPNonce { fields.append(.init("DPoP-Nonce", nonces.current(at: now))) }
        let status = [.useDPoPNonce, .invalidDPoPProof].contains(error.code) ? 401 : error.status
        return .json(["error": .string(error.code.rawValue)], status: status, fields: fields)
    }
}
