internal import GatehouseGuards
internal import Synchronization

/// A credential that was verified: whom it stands for, what binds it, until when it counts. Shared by all requests that show it.
final class VerifiedCredential: Sendable {
    /// Whom it stands for.
    let identity: CallerIdentity
    /// What must come with it.
    let binding: CredentialBinding
    /// Seconds since 1970 from which it no longer counts; `Int64.max` for never.
    let expires: Int64
    /// What a revocation can name.
    let marks: CredentialMarks
    private let signed = Mutex<[SignedIdentity]>([])

    init(_ identity: CallerIdentity, binding: CredentialBinding = .none, expires: Int64, marks: CredentialMarks = CredentialMarks()) {
        self.identity = identity
        self.binding = binding
        self.expires = expires
        self.marks = marks
    }

    /// The signed identity for an audience, made anew when half of its life is over.
    func signedIdentity(
        for audience: String, at now: Int64, _ make: (CallerIdentity) -> SignedIdentity?
    ) -> SignedIdentity? {
        signed.withLock { list in
            if let place = list.firstIndex(where: { $0.audience == audience }) {
                if list[place].renewed > now { return list[place] }
                list.remove(at: place)
            }
            guard let made = make(identity) else { return nil }
            if list.count >= 16 { list.removeFirst() }
            list.append(made)
            return made
        }
    }
}

/// What a credential is bound to.
enum CredentialBinding: Sendable, Equatable {
    /// Whoever holds it may use it.
    case none
    /// The key of this thumbprint (`cnf.jkt`, RFC 9449).
    case key(String)
    /// The certificate of this hash (`cnf.x5t#S256`, RFC 8705).
    case certificate(String)
}

/// What a revocation can name, beside issuer and subject.
struct CredentialMarks: Sendable {
    /// The grant that a token of the house hangs off; empty for none.
    var grant = ""
    /// `jti`; empty for none.
    var tokenID = ""
    /// When it was issued, in seconds since 1970; 0 when unknown.
    var issuedAt: Int64 = 0
}

/// The identity as it goes to one backend.
struct SignedIdentity: Sendable {
    /// `aud`.
    let audience: String
    /// The compact token.
    let text: [UInt8]
    /// Seconds since 1970 from which a new one is made.
    let renewed: Int64
}
