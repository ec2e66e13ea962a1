public import GatehouseGuards

/// The house's own provider, as the gateway asks it: in process, for each request.
public protocol HouseTokens: Sendable {
    /// `iss` of its signed tokens.
    var issuer: String { get }

    /// An access token that is good now; nil for any other text.
    ///
    /// - Throws: what keeps the store from being asked.
    func token(_ text: String) async throws -> HouseToken?

    /// The holder of an API key or personal token that is good now; nil for any other text.
    ///
    /// - Throws: what keeps the store from being asked.
    func keyHolder(_ text: String) async throws -> CallerIdentity?
}

/// An access token of the house.
public struct HouseToken: Sendable {
    /// Whom it stands for.
    public var identity: CallerIdentity
    /// The resource that it is for.
    public var audience: String
    /// Thumbprint of the key that it is bound to; nil for none.
    public var keyThumbprint: String?
    /// The grant that it hangs off.
    public var grant: String
    /// When it was issued, in seconds since 1970.
    public var issuedAt: Int64

    /// A token.
    public init(identity: CallerIdentity, audience: String, keyThumbprint: String?, grant: String, issuedAt: Int64) {
        self.identity = identity
        self.audience = audience
        self.keyThumbprint = keyThumbprint
        self.grant = grant
        self.issuedAt = issuedAt
    }
}

extension VerifiedCredential {
    /// The credential of a token of the house.
    convenience init(_ token: HouseToken) {
        var identity = token.identity
        identity.confirmation = token.keyThumbprint ?? ""
        self.init(
            identity, binding: token.keyThumbprint.map { .key($0) } ?? .none, expires: identity.expiresAt ?? .max,
            marks: CredentialMarks(grant: token.grant, issuedAt: token.issuedAt))
    }
}
