import JOSE
import StrictJSON

extension AuthorizationServer {
    /// The documents of OpenID Connect Discovery and RFC 8414, which are one here.
    public func discovery() -> IdentityResponse {
        let paths = configuration.endpoints
        let algorithms = configuration.signingAlgorithms.map { JSONValue.string($0.rawValue) }
        let asymmetric = SignatureAlgorithm.allCases.filter { !$0.isSymmetric }.map { JSONValue.string($0.rawValue) }
        let methods = [Client.AuthenticationMethod.basic, .post, .privateKeyJWT]
        return .document(
            [
                "issuer": .string(configuration.issuer), "authorization_endpoint": .string(address(paths.authorization)),
                "token_endpoint": .string(address(paths.token)), "userinfo_endpoint": .string(address(paths.userInfo)),
                "jwks_uri": .string(address(paths.keys)), "introspection_endpoint": .string(address(paths.introspection)),
                "revocation_endpoint": .string(address(paths.revocation)),
                "device_authorization_endpoint": .string(address(paths.deviceAuthorization)),
                "end_session_endpoint": .string(address(paths.endSession)), "backchannel_logout_supported": true,
                "backchannel_logout_session_supported": true,
                "pushed_authorization_request_endpoint": .string(address(paths.pushedAuthorization)),
                "scopes_supported": Self.list(configuration.knownScopes.sorted()), "response_types_supported": ["code"],
                "response_modes_supported": ["query", "form_post"],
                "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials", .string(DeviceCode.grantType)],
                "acr_values_supported": Self.list(configuration.authenticationContexts), "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": .array(algorithms),
                "token_endpoint_auth_methods_supported": Self.list((methods + [.none]).map(\.rawValue)),
                "token_endpoint_auth_signing_alg_values_supported": .array(asymmetric),
                "introspection_endpoint_auth_methods_supported": Self.list(methods.map(\.rawValue)),
                "revocation_endpoint_auth_methods_supported": Self.list((methods + [.none]).map(\.rawValue)),
                "display_values_supported": ["page"], "claim_types_supported": ["normal"],
                "claims_supported": Self.list([
                    "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "name", "given_name", "family_name",
                    "preferred_username", "email", "email_verified", "phone_number", "phone_number_verified", "address", "updated_at",
                ]),
                "claims_parameter_supported": true, "request_parameter_supported": false, "request_uri_parameter_supported": false,
                "require_request_uri_registration": false, "code_challenge_methods_supported": ["S256"],
                "dpop_signing_alg_values_supported": .array(asymmetric), "authorization_response_iss_parameter_supported": true,
            ], seconds: 300)
    }

    /// The published keys (RFC 7517). Relying parties may keep them for as long as new keys are published ahead, at most an hour.
    public func publishedKeys() -> IdentityResponse {
        guard let set = try? keys.published(at: now).json() else { return .error(OAuthError(.serverError, "the keys could not be read")) }
        return .document(set, seconds: min(3600, max(60, configuration.signingKeyLead / 2)))
    }

    private static func list(_ words: [String]) -> JSONValue { .array(words.map { .string($0) }) }
}
