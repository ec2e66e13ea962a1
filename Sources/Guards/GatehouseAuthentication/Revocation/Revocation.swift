internal import GatehouseGuards

/// What no longer counts.
public enum Revocation: Sendable, Hashable {
    /// Every token that hangs off a grant of the house.
    case grant(String)
    /// Every credential of a session.
    case session(issuer: String, id: String)
    /// One token, by `jti`.
    case token(issuer: String, id: String)
    /// Every credential of a subject that was issued until now.
    case subject(issuer: String, subject: String)
    /// Every credential of a client that was issued until now.
    case client(issuer: String, client: String)
}

extension Revocation {
    /// True where it names a credential.
    ///
    /// - Parameter moment: when it was revoked, in seconds since 1970.
    func names(_ credential: VerifiedCredential, at moment: Int64) -> Bool {
        let identity = credential.identity
        switch self {
        case .grant(let id): return !id.isEmpty && credential.marks.grant == id
        case .session(let issuer, let id): return !id.isEmpty && identity.sessionID == id && identity.issuer == issuer
        case .token(let issuer, let id): return !id.isEmpty && credential.marks.tokenID == id && identity.issuer == issuer
        case .subject(let issuer, let subject):
            return identity.subject == subject && identity.issuer == issuer && credential.marks.issuedAt <= moment
        case .client(let issuer, let client):
            return !client.isEmpty && identity.client == client && identity.issuer == issuer && credential.marks.issuedAt <= moment
        }
    }
}
