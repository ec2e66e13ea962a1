/// The party that users register credentials with: who it is and what it demands.
public struct RelyingParty: Sendable {
    /// The domain that credentials are bound to, such as `example.org`.
    public let id: String
    /// Its name, shown by authenticators.
    public let name: String
    /// Pages that may run ceremonies, such as `https://login.example.org`. Compared as whole strings.
    public let origins: Set<String>
    /// Pages that may hold ours in a frame; none, so that every ceremony in a foreign frame is refused.
    public var topOrigins: Set<String> = []
    /// Whether a foreign frame is accepted whose page the browser does not name, as older ones do not; false.
    public var allowsUnnamedTopOrigin = false
    /// Whether the authenticator must verify its user by PIN or body; required.
    public var userVerification = UserVerification.required
    /// Algorithms for new credentials, the preferred first.
    public var algorithms: [COSEAlgorithm] = [.edDSA, .es256, .es384, .es512, .rs256]
    /// What is asked of attestation; nothing.
    public var attestation = AttestationPolicy()
    /// Whether a counter that went back is refused; true. Where it is false the result tells.
    public var refusesCounterRegression = true
    /// How long a ceremony may take, told to the browser; 5 minutes.
    public var timeout = Duration.seconds(300)

    /// How much user verification is asked for.
    public enum UserVerification: String, Sendable, Hashable {
        /// Refuse without.
        case required
        /// Ask for it, accept without.
        case preferred
        /// Do not ask.
        case discouraged
    }

    /// A relying party.
    ///
    /// Refuses: an id that is no lower-case domain, no origins, origins other than `https` (or `http` on localhost) and origins
    /// whose host is neither the id nor below it. Identifiers of apps (`android:apk-key-hash:…`) are accepted as they are.
    /// - Throws: ``WebAuthnError/Code/configuration``.
    public init(id: String, name: String, origins: Set<String>) throws(WebAuthnError) {
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-.".utf8)
        guard !id.isEmpty, id.utf8.allSatisfy(allowed.contains), !id.hasPrefix("."), !id.hasSuffix(".") else {
            throw WebAuthnError(.configuration, "`\(id)` is no domain in lower case")
        }
        guard !origins.isEmpty else { throw WebAuthnError(.configuration, "a relying party needs an origin") }
        for origin in origins where !Self.fits(origin, id) {
            throw WebAuthnError(.configuration, "`\(origin)` is no origin of `\(id)`")
        }
        self.id = id
        self.name = name
        self.origins = origins
    }

    private static func fits(_ origin: String, _ id: String) -> Bool {
        if origin.hasPrefix("android:apk-key-hash:") { return true }
        let isSecure = origin.hasPrefix("https://")
        guard isSecure || origin.hasPrefix("http://") else { return false }
        let authority = origin.dropFirst(isSecure ? 8 : 7)
        let host = authority.prefix { $0 != ":" }
        let port = authority.dropFirst(host.count)
        guard port.isEmpty || (port.dropFirst().allSatisfy(\.isNumber) && port.count > 1), !host.contains("/") else { return false }
        let isLocal = host == "localhost" || host.hasSuffix(".localhost")
        return (isSecure || isLocal) && (host == id || host.hasSuffix("." + id))
    }

    /// The steps that registration and authentication share (sections 7.1 and 7.2).
    func check(_ client: ClientData, type: String, challenge: [UInt8]) throws(WebAuthnError) {
        guard client.type == type else { throw WebAuthnError(.wrongCeremony, "the client data is for `\(client.type)`") }
        guard isEqualInConstantTime(client.challenge, challenge), challenge.count >= 16 else {
            throw WebAuthnError(.challengeMismatch, "the challenge is another")
        }
        guard origins.contains(where: { isSame($0, client.origin) }) else {
            throw WebAuthnError(.originMismatch, "`\(client.origin)` is no origin of ours")
        }
        guard client.crossOrigin || client.topOrigin != nil else { return }
        if client.topOrigin == nil, allowsUnnamedTopOrigin { return }
        guard let top = client.topOrigin, topOrigins.contains(where: { isSame($0, top) }) else {
            throw WebAuthnError(.originMismatch, "in a frame of `\(client.topOrigin ?? "an unknown page")`")
        }
    }

    func check(_ data: AuthenticatorData, mustVerifyUser: Bool) throws(WebAuthnError) {
        guard data.relyingPartyHash == sha256(Array(id.utf8)) else {
            throw WebAuthnError(.relyingPartyMismatch, "made for another relying party")
        }
        guard data.flags.contains(.userPresent) else { throw WebAuthnError(.userNotPresent, "the user was not present") }
        guard !mustVerifyUser || data.flags.contains(.userVerified) else {
            throw WebAuthnError(.userNotVerified, "the user was not verified")
        }
    }
}

/// Equality by bytes; Swift's own takes different spellings of one character for the same.
func isSame(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }

/// Compares without telling by its time where the first difference is.
func isEqualInConstantTime(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
