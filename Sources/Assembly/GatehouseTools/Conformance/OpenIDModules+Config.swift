internal import JOSE
import StrictJSON

extension OpenIDModule {
    /// The Config OP plan: one module with its conditions.
    static let config = [
        OpenIDModule("oidcc-discovery-endpoint-verification") { run in
            var faults: [String] = []
            for (name, condition) in discoveryConditions {
                if !((try? condition(run)) ?? false) { faults.append(name) }
            }
            try require(faults.isEmpty, faults.joined(separator: "; "))
        }
    ]

    typealias Condition = @Sendable (OpenIDRun) throws -> Bool

    /// OpenID Connect Discovery sections 3 and 4, RFC 8414 section 2.
    static let discoveryConditions: [(String, Condition)] = [
        ("the answer is `application/json`", { $0.metadata.answer["content-type"]?.lowercased().hasPrefix("application/json") == true }),
        ("the address is the issuer's", { $0.plan.discovery == $0.metadata.issuer + "/.well-known/openid-configuration" }),
        ("`issuer` has no query and no fragment", { !$0.metadata.issuer.contains("?") && !$0.metadata.issuer.contains("#") }),
        ("`issuer` is an address over TLS", { isSafe($0.metadata.issuer) }),
        ("`authorization_endpoint` is an address over TLS", { isSafe(try $0.metadata.address("authorization_endpoint")) }),
        ("`token_endpoint` is an address over TLS", { isSafe(try $0.metadata.address("token_endpoint")) }),
        ("`userinfo_endpoint` is an address over TLS", { $0.metadata.value["userinfo_endpoint"].map { isSafe($0.string ?? "") } ?? true }),
        ("`jwks_uri` is an address over TLS", { isSafe(try $0.metadata.address("jwks_uri")) }),
        ("`response_types_supported` has `code`", { $0.metadata.lists("response_types_supported", "code") }),
        ("`response_modes_supported` is a list of texts", { isTexts($0.metadata.value["response_modes_supported"]) }),
        (
            "`subject_types_supported` has `public` or `pairwise`",
            {
                $0.metadata.lists("subject_types_supported", "public") || $0.metadata.lists("subject_types_supported", "pairwise")
            }
        ),
        ("`id_token_signing_alg_values_supported` has `RS256`", { $0.metadata.lists("id_token_signing_alg_values_supported", "RS256") }),
        ("`id_token_signing_alg_values_supported` has not `none`", { !$0.metadata.lists("id_token_signing_alg_values_supported", "none") }),
        (
            "`scopes_supported` has `openid`",
            { $0.metadata.value["scopes_supported"] == nil || $0.metadata.lists("scopes_supported", "openid") }
        ),
        (
            "`grant_types_supported` has `authorization_code`",
            {
                $0.metadata.value["grant_types_supported"] == nil || $0.metadata.lists("grant_types_supported", "authorization_code")
            }
        ),
        (
            "`claims_supported` is a list of texts with `sub`",
            {
                isTexts($0.metadata.value["claims_supported"])
                    && ($0.metadata.value["claims_supported"] == nil || $0.metadata.lists("claims_supported", "sub"))
            }
        ),
        (
            "`token_endpoint_auth_methods_supported` is a list of texts",
            { isTexts($0.metadata.value["token_endpoint_auth_methods_supported"]) }
        ),
        (
            "`token_endpoint_auth_signing_alg_values_supported` has not `none`",
            {
                !$0.metadata.lists("token_endpoint_auth_signing_alg_values_supported", "none")
            }
        ),
        ("`request_parameter_supported` is a truth value", { isTruth($0.metadata.value["request_parameter_supported"]) }),
        ("`request_uri_parameter_supported` is a truth value", { isTruth($0.metadata.value["request_uri_parameter_supported"]) }),
        ("`claims_parameter_supported` is a truth value", { isTruth($0.metadata.value["claims_parameter_supported"]) }),
        (
            "`code_challenge_methods_supported` has `S256` alone",
            {
                $0.metadata.value["code_challenge_methods_supported"] == nil
                    || ($0.metadata.lists("code_challenge_methods_supported", "S256")
                        && !$0.metadata.lists("code_challenge_methods_supported", "plain"))
            }
        ),
        ("`jwks_uri` holds keys for verifying", { try !$0.metadata.keys().keys.isEmpty }),
        (
            "the keys hold nothing private",
            { run in
                let keys = (try JSONValue(parsing: run.metadata.keysAnswer.body))["keys"]?.array ?? []
                return keys.allSatisfy { key in ["d", "p", "q", "dp", "dq", "qi", "k"].allSatisfy { key[$0] == nil } }
            }
        ),
        (
            "the keys' `kid` are unique, and there is one for RS256",
            { run in
                let keys = try run.metadata.keys().keys
                let ids = keys.compactMap(\.keyID)
                let raw = (try JSONValue(parsing: run.metadata.keysAnswer.body))["keys"]?.array ?? []
                return Set(ids).count == ids.count && raw.contains { $0["kty"] == "RSA" }
            }
        ),
    ]

    private static func isSafe(_ address: String) -> Bool {
        let local = ["http://localhost", "http://127.0.0.1", "http://[::1]"]
        return address.hasPrefix("https://")
            || local.contains { address.hasPrefix($0) && [nil, ":", "/"].contains(address.dropFirst($0.count).first) }
    }

    private static func isTexts(_ value: JSONValue?) -> Bool { value.map { $0.array?.allSatisfy { $0.string != nil } == true } ?? true }

    private static func isTruth(_ value: JSONValue?) -> Bool { value.map { $0.bool != nil } ?? true }
}
