internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseGuards
internal import JOSE
internal import StrictJSON

/// Reads who the caller is from the claims of an access token (RFC 9068, section 2.2; RFC 8693, section 4).
struct ClaimReader: Sendable {
    private let groups: JSONPointer
    private let roles: JSONPointer

    init(_ settings: TokenIssuerSettings) {
        groups = Self.pointer(settings.groupsClaim)
        roles = Self.pointer(settings.rolesClaim)
    }

    /// The claims of RFC 9068.
    init() {
        groups = JSONPointer(["groups"])
        roles = JSONPointer(["roles"])
    }

    /// The credential of a verified token.
    ///
    /// Refuses: an empty subject, and a confirmation by means that are not known here.
    func credential(_ token: VerifiedJWT, skew: Duration) throws(CredentialFault) -> VerifiedCredential {
        let claims = token.claims
        var identity = try identity(claims, credential: .bearer)
        let binding = try Self.binding(claims["cnf"])
        switch binding {
        case .none: break
        case .key(let value), .certificate(let value): identity.confirmation = value
        }
        let marks = CredentialMarks(tokenID: claims.tokenID ?? "", issuedAt: Int64(claims.issuedAt?.seconds ?? 0))
        return VerifiedCredential(
            identity, binding: binding, expires: identity.expiresAt.map { $0 + skew.components.seconds } ?? .max, marks: marks)
    }

    /// The caller that claims speak of.
    func identity(_ claims: JWTClaims, credential: CallerIdentity.Credential) throws(CredentialFault) -> CallerIdentity {
        guard let issuer = claims.issuer, let subject = claims.subject, !subject.isEmpty else {
            throw CredentialFault(.invalid, "token_subject", "the token has no subject")
        }
        var identity = CallerIdentity(issuer: issuer, subject: subject, credential: credential)
        identity.client = (claims["client_id"] ?? claims["azp"])?.string ?? ""
        identity.scopes = Self.words(claims["scope"] ?? claims["scp"])
        identity.groups = Self.names(claims.json.root[groups])
        identity.roles = Self.names(claims.json.root[roles])
        identity.entitlements = Self.names(claims["entitlements"])
        identity.authenticationContext = claims["acr"]?.string ?? ""
        identity.authenticationMethods = Self.names(claims["amr"])
        identity.authenticatedAt = claims["auth_time"]?.int64
        identity.sessionID = claims["sid"]?.string ?? ""
        identity.claims = claims.json
        identity.expiresAt = claims.expiration.map { Int64($0.seconds.rounded(.up)) }
        return identity
    }

    /// RFC 7800: what is there must be understood.
    static func binding(_ node: JSONNode?) throws(CredentialFault) -> CredentialBinding {
        guard let node else { return .none }
        if let thumbprint = node["jkt"]?.string, !thumbprint.isEmpty { return .key(thumbprint) }
        if let hash = node["x5t#S256"]?.string, !hash.isEmpty { return .certificate(hash) }
        throw CredentialFault(.invalid, "token_confirmation", "the token is bound by means that are not known here")
    }

    /// A string of words, or a list of strings.
    private static func words(_ node: JSONNode?) -> [String] {
        if let text = node?.string { return text.split(separator: " ").map(String.init) }
        return node?.elements.compactMap(\.string) ?? []
    }

    /// A list of strings, of objects with a `value` (RFC 7643, section 2.4), or one string.
    private static func names(_ node: JSONNode?) -> [String] {
        guard let node else { return [] }
        if let single = node.string { return [single] }
        return node.elements.compactMap { $0.string ?? $0["value"]?.string }
    }

    private static func pointer(_ text: String) -> JSONPointer {
        (text.hasPrefix("/") ? try? JSONPointer(parsing: text) : nil) ?? JSONPointer([text])
    }
}
