import StrictJSON

/// A valid authorization request.
public struct AuthorizationRequest: Sendable, Equatable {
    /// The client.
    public let client: Client
    /// Where the answer goes.
    public let redirectURI: String
    /// How the answer goes.
    public let responseMode: ResponseMode
    /// `state`, given back as it was.
    public let state: String?
    /// `nonce`, for the ID token.
    public let nonce: String?
    /// Scopes that the client asks for and may have.
    public let scopes: [String]
    /// Resources asked for, or those that the scopes belong to.
    public let resources: [String]
    /// The S256 challenge of PKCE.
    public let challenge: String?
    /// Thumbprint of the key that the code will be bound to.
    public let confirmation: String?
    /// `prompt`.
    public let prompts: Set<String>
    /// `max_age`, in seconds.
    public let maximumAge: Int64?
    /// `acr_values`, the preferred first.
    public let contexts: [String]
    /// `login_hint`, shown in the sign-in page.
    public let loginHint: String?
    /// `ui_locales`.
    public let locales: [String]
    /// The user of `id_token_hint`.
    public let hintedUser: String?
    /// `claims`, as JSON text.
    public let claims: String?
    /// Hash of the pushed request that this one came from.
    let pushed: [UInt8]?

    /// How the answer reaches the client.
    public enum ResponseMode: String, Sendable, Hashable {
        /// In the query of the redirect address.
        case query
        /// In a form that the browser posts.
        case formPost = "form_post"
    }
}

/// Parameters of an authorization request in the order in which they may be believed: first those that say where an error may be sent.
struct AuthorizationParameters: Sendable {
    let client: Client
    let parameters: FormParameters
    let redirectURI: String
    let responseMode: AuthorizationRequest.ResponseMode
    let pushed: [UInt8]?

    /// Checks the redirect address.
    ///
    /// Refuses: an address that is not registered, byte for byte; the port of an address on this machine may differ (RFC 8252 section 7.3).
    /// - Throws: ``OAuthError``, to be shown on a page.
    init(_ parameters: FormParameters, client: Client, pushed: [UInt8]?) throws(OAuthError) {
        self.client = client
        self.parameters = parameters
        self.pushed = pushed
        redirectURI = try parameters.required("redirect_uri")
        let uri = redirectURI
        guard client.metadata.redirectURIs.contains(where: { Self.matches(uri, registered: $0) }) else {
            throw OAuthError(.invalidRequest, "`redirect_uri` is not registered")
        }
        responseMode = parameters["response_mode"].flatMap(AuthorizationRequest.ResponseMode.init(rawValue:)) ?? .query
    }

    private static func matches(_ address: String, registered: String) -> Bool {
        if address.utf8.elementsEqual(registered.utf8) { return true }
        for host in ["http://127.0.0.1", "http://[::1]"] where registered.hasPrefix(host) && address.hasPrefix(host) {
            let rest = { (text: String) -> Substring? in
                var tail = text.dropFirst(host.count)
                if tail.first == ":" {
                    let digits = tail.dropFirst().prefix { $0.isASCII && $0.isNumber }
                    guard (1...5).contains(digits.count) else { return nil }
                    tail = tail.dropFirst(digits.count + 1)
                }
                return tail.isEmpty || tail.first == "/" ? tail : nil
            }
            if let left = rest(address), let right = rest(registered), left == right { return true }
        }
        return false
    }

    /// The valid request.
    ///
    /// - Throws: ``OAuthError``, to be sent to the redirect address.
    func validated(_ configuration: IdentityConfiguration, hintedUser: (String) -> String?) throws(OAuthError) -> AuthorizationRequest {
        try checkForm()
        let challenge = try challenge()
        let scopes = parameters.words("scope").filter { client.metadata.scopes.contains($0) && configuration.knownScopes.contains($0) }
        guard !scopes.isEmpty else { throw OAuthError(.invalidScope, "no scope is left that the client may have") }
        let hint = parameters["id_token_hint"]
        let user = hint.flatMap(hintedUser)
        guard hint == nil || user != nil else { throw OAuthError(.invalidRequest, "`id_token_hint` is no ID token of ours") }
        return AuthorizationRequest(
            client: client, redirectURI: redirectURI, responseMode: responseMode, state: parameters["state"], nonce: parameters["nonce"],
            scopes: scopes, resources: try resources(scopes, configuration), challenge: challenge, confirmation: parameters["dpop_jkt"],
            prompts: try prompts(), maximumAge: try maximumAge(), contexts: parameters.words("acr_values"),
            loginHint: parameters["login_hint"],
            locales: parameters.words("ui_locales"), hintedUser: user, claims: try claims(), pushed: pushed)
    }

    private func checkForm() throws(OAuthError) {
        guard parameters["request"] == nil else { throw OAuthError(.requestNotSupported, "request objects are not supported") }
        guard parameters["request_uri"] == nil else { throw OAuthError(.requestURINotSupported, "only pushed requests are supported") }
        guard parameters["registration"] == nil else { throw OAuthError(.registrationNotSupported, "registration is not supported") }
        guard client.metadata.grantTypes.contains("authorization_code") else {
            throw OAuthError(.unauthorizedClient, "not registered for the code flow")
        }
        guard let type = parameters["response_type"] else { throw OAuthError(.invalidRequest, "`response_type` is missing") }
        guard type == "code" else { throw OAuthError(.unsupportedResponseType, "only `code` is supported") }
        guard parameters["response_mode"] == nil || AuthorizationRequest.ResponseMode(rawValue: parameters["response_mode"] ?? "") != nil
        else {
            throw OAuthError(.invalidRequest, "`response_mode` is not supported")
        }
        for (name, limit) in [("state", 2048), ("nonce", 1024), ("login_hint", 512), ("claims", 8192)] {
            guard (parameters[name]?.utf8.count ?? 0) <= limit else { throw OAuthError(.invalidRequest, "`\(name)` is too long") }
        }
    }

    /// PKCE: S256 alone (RFC 9700 section 2.1.1).
    private func challenge() throws(OAuthError) -> String? {
        guard let challenge = parameters["code_challenge"] else {
            guard parameters["code_challenge_method"] == nil, !client.metadata.requiresPKCE else {
                throw OAuthError(.invalidRequest, "`code_challenge` is missing")
            }
            return nil
        }
        guard parameters["code_challenge_method"] == "S256" else {
            throw OAuthError(.invalidRequest, "`code_challenge_method` must be `S256`")
        }
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        guard challenge.utf8.count == 43, challenge.utf8.allSatisfy(alphabet.contains) else {
            throw OAuthError(.invalidRequest, "`code_challenge` is no S256 challenge")
        }
        return challenge
    }

    private func resources(_ scopes: [String], _ configuration: IdentityConfiguration) throws(OAuthError) -> [String] {
        let asked = parameters.words("resource")
        guard asked.allSatisfy({ configuration.resource($0) != nil }) else { throw OAuthError(.invalidTarget, "the resource is not known") }
        return asked.isEmpty ? configuration.resources.filter { !$0.scopes.isDisjoint(with: scopes) }.map(\.identifier) : asked
    }

    private func prompts() throws(OAuthError) -> Set<String> {
        let prompts = Set(parameters.words("prompt"))
        guard prompts.isSubset(of: ["none", "login", "consent", "select_account"]) else {
            throw OAuthError(.invalidRequest, "`prompt` is not known")
        }
        guard !prompts.contains("none") || prompts.count == 1 else { throw OAuthError(.invalidRequest, "`prompt` `none` stands alone") }
        return prompts
    }

    private func maximumAge() throws(OAuthError) -> Int64? {
        guard let text = parameters["max_age"] else { return nil }
        guard let seconds = Int64(text), seconds >= 0, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw OAuthError(.invalidRequest, "`max_age` is no number of seconds")
        }
        return seconds
    }

    private func claims() throws(OAuthError) -> String? {
        guard let text = parameters["claims"] else { return nil }
        guard let value = try? JSONValue(parsing: text), value.object != nil else {
            throw OAuthError(.invalidRequest, "`claims` is no json object")
        }
        return text
    }
}
