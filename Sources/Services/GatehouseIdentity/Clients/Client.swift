public import JOSE
public import StrictJSON

/// A registered client. Its metadata has the names of RFC 7591, so that dynamic registration can be added.
public struct Client: Sendable, Equatable {
    /// `client_id`.
    public let id: String
    /// What it may do, as registered.
    public var metadata: Metadata
    /// SHA-256 of its secret, where it has one.
    public var secretHash: [UInt8]?
    /// True where it has been switched off.
    public var isDisabled = false

    /// A client of its parts.
    public init(id: String, metadata: Metadata, secretHash: [UInt8]? = nil, isDisabled: Bool = false) {
        self.id = id
        self.metadata = metadata
        self.secretHash = secretHash
        self.isDisabled = isDisabled
    }

    /// How a client proves who it is (RFC 6749 section 2.3, RFC 7523).
    public enum AuthenticationMethod: String, Sendable, Hashable, CaseIterable {
        /// Its secret in `Authorization: Basic`.
        case basic = "client_secret_basic"
        /// Its secret in the body.
        case post = "client_secret_post"
        /// A signed assertion.
        case privateKeyJWT = "private_key_jwt"
        /// Not at all: a public client.
        case none = "none"
    }

    /// What a client is registered with.
    public struct Metadata: Sendable, Equatable {
        /// `client_name`, shown to users.
        public var name: String
        /// `token_endpoint_auth_method`.
        public var authentication: AuthenticationMethod
        /// `redirect_uris`, compared byte for byte.
        public var redirectURIs: [String]
        /// `post_logout_redirect_uris`.
        public var postLogoutRedirectURIs: [String] = []
        /// `grant_types`.
        public var grantTypes: Set<String>
        /// `scope`.
        public var scopes: Set<String>
        /// `jwks`, for assertions.
        public var keys: JSONValue?
        /// `id_token_signed_response_alg`; RS256.
        public var idTokenAlgorithm = SignatureAlgorithm.rs256
        /// `require_pushed_authorization_requests`; false.
        public var requiresPushedRequests = false
        /// `dpop_bound_access_tokens`; false.
        public var requiresProof = false
        /// `gatehouse_require_pkce`; true. Without it a code can be used by whoever catches it.
        public var requiresPKCE = true
        /// `gatehouse_skip_consent`; false. For clients of the house itself.
        public var skipsConsent = false
        /// `backchannel_logout_uri`: where to tell the client that a session has ended.
        public var backChannelLogoutURI: String?
        /// `gatehouse_resource_server`: the resources whose tokens it may ask about by introspection.
        public var introspects: Set<String> = []

        /// A client with the code flow and refresh tokens.
        public init(
            name: String, authentication: AuthenticationMethod, redirectURIs: [String] = [],
            grantTypes: Set<String> = ["authorization_code", "refresh_token"], scopes: Set<String> = ["openid"]
        ) {
            self.name = name
            self.authentication = authentication
            self.redirectURIs = redirectURIs
            self.grantTypes = grantTypes
            self.scopes = scopes
        }
    }
}

extension Client.Metadata {
    /// As JSON, in registered names.
    public var json: JSONValue {
        var members: JSONObject = [
            "client_name": .string(name), "token_endpoint_auth_method": .string(authentication.rawValue),
            "redirect_uris": .array(redirectURIs.map { .string($0) }),
            "post_logout_redirect_uris": .array(postLogoutRedirectURIs.map { .string($0) }),
            "grant_types": .array(grantTypes.sorted().map { .string($0) }), "scope": .string(scopes.sorted().joined(separator: " ")),
            "id_token_signed_response_alg": .string(idTokenAlgorithm.rawValue),
            "require_pushed_authorization_requests": .bool(requiresPushedRequests), "dpop_bound_access_tokens": .bool(requiresProof),
            "gatehouse_require_pkce": .bool(requiresPKCE), "gatehouse_skip_consent": .bool(skipsConsent),
            "gatehouse_resource_server": .array(introspects.sorted().map { .string($0) }),
        ]
        if let keys { members.append("jwks", keys) }
        if let backChannelLogoutURI { members.append("backchannel_logout_uri", .string(backChannelLogoutURI)) }
        return .object(members)
    }

    /// Reads what ``json`` wrote; nil where a member is missing or wrong.
    public init?(_ value: JSONValue) {
        guard let name = value["client_name"]?.string, let method = value["token_endpoint_auth_method"]?.string,
            let authentication = Client.AuthenticationMethod(rawValue: method), let redirects = value["redirect_uris"]?.array,
            let grants = value["grant_types"]?.array, let scope = value["scope"]?.string
        else { return nil }
        self.init(
            name: name, authentication: authentication, redirectURIs: redirects.compactMap(\.string),
            grantTypes: Set(grants.compactMap(\.string)), scopes: Set(scope.split(separator: " ").map(String.init)))
        postLogoutRedirectURIs = (value["post_logout_redirect_uris"]?.array ?? []).compactMap(\.string)
        keys = value["jwks"]
        idTokenAlgorithm = (value["id_token_signed_response_alg"]?.string).flatMap(SignatureAlgorithm.init(rawValue:)) ?? .rs256
        backChannelLogoutURI = value["backchannel_logout_uri"]?.string
        requiresPushedRequests = value["require_pushed_authorization_requests"]?.bool ?? false
        requiresProof = value["dpop_bound_access_tokens"]?.bool ?? false
        requiresPKCE = value["gatehouse_require_pkce"]?.bool ?? true
        skipsConsent = value["gatehouse_skip_consent"]?.bool ?? false
        introspects = Set((value["gatehouse_resource_server"]?.array ?? []).compactMap(\.string))
    }

    /// What is wrong with a registration, or nil.
    public var flaw: String? {
        for address in redirectURIs + postLogoutRedirectURIs {
            guard let colon = address.firstIndex(of: ":"), colon != address.startIndex, !address.contains("#"), !address.contains("*"),
                address.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else { return "a redirect address must be absolute, without fragment and wildcard" }
            let scheme = address[..<colon].lowercased()
            guard !["javascript", "data", "vbscript", "file", "about"].contains(scheme) else { return "a redirect address runs code" }
            guard scheme != "http" || Self.isLocal(address) else { return "a redirect address over http must lead to this machine" }
        }
        if let address = backChannelLogoutURI,
            !(address.hasPrefix("https://") || Self.isLocal(address)) || address.contains("#")
        {
            return "`backchannel_logout_uri` must be an https address without fragment"
        }
        if grantTypes.contains("authorization_code"), redirectURIs.isEmpty { return "the code flow needs a redirect address" }
        if authentication == .privateKeyJWT, keys.map({ (try? JSONWebKeySet(parsing: $0.bytes())) == nil }) ?? true {
            return "private_key_jwt needs `jwks`"
        }
        if authentication == .none, grantTypes.contains("client_credentials") { return "a public client has no credentials" }
        if authentication == .none, !requiresPKCE { return "a public client needs pkce" }
        return nil
    }

    /// True for plain http to this machine.
    private static func isLocal(_ address: String) -> Bool {
        ["http://localhost", "http://127.0.0.1", "http://[::1]"].contains { local in
            address.hasPrefix(local) && [nil, ":", "/"].contains(address.dropFirst(local.count).first)
        }
    }
}
