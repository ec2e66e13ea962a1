internal import GatehouseConfiguration
internal import StrictJSON

/// The metadata of a protected resource (RFC 9728), as far as places of the configuration share its identifier.
struct ResourceMetadata: Sendable {
    private let resource: HTTPAddress
    private var issuers: [String] = []
    private var scopes: [String] = []
    private var needsProof = false

    init(_ resource: HTTPAddress) { self.resource = resource }

    /// Adds what a place asks for.
    mutating func add(_ settings: AuthenticationGuardSettings) {
        for issuer in settings.issuers.map(\.issuer.description) where !issuers.contains(issuer) { issuers.append(issuer) }
        for scope in settings.scopes.map(\.description) where !scopes.contains(scope) { scopes.append(scope) }
        needsProof = needsProof || settings.dpop.isRequired
    }

    /// The document.
    var document: [UInt8] {
        var members: JSONObject = [
            "resource": .string(resource.description), "bearer_methods_supported": ["header"],
            "dpop_signing_alg_values_supported": .array(ChallengeWriter.proofAlgorithms.split(separator: " ").map { .string(String($0)) }),
            "tls_client_certificate_bound_access_tokens": true,
        ]
        if !issuers.isEmpty { members.append("authorization_servers", .array(issuers.map { .string($0) })) }
        if !scopes.isEmpty { members.append("scopes_supported", .array(scopes.map { .string($0) })) }
        if needsProof { members.append("dpop_bound_access_tokens_required", true) }
        return JSONValue.object(members).bytes()
    }

    /// Where the metadata of a resource are: the well-known name stands between host and path (section 3.1).
    static func path(of resource: HTTPAddress) -> String { wellKnown + resource.path }

    /// The whole address of the metadata.
    static func address(of resource: HTTPAddress) -> String { resource.origin + path(of: resource) }

    static let wellKnown = "/.well-known/oauth-protected-resource"
}
