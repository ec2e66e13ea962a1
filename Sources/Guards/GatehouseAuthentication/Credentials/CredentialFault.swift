internal import NIOCore

/// Why a request's credentials do not count.
struct CredentialFault: Error, Equatable {
    /// The kinds of fault; each has its answer.
    enum Kind: Equatable {
        /// None was shown.
        case missing
        /// The request shows credentials in a way that has no meaning (RFC 6750: `invalid_request`).
        case malformed
        /// The credential is wrong, expired, revoked, or for somebody else.
        case invalid
        /// The proof of possession is wrong or missing (RFC 9449: `invalid_dpop_proof`).
        case proof
        /// The proof must carry this nonce.
        case nonce
        /// A scope is missing (403).
        case scope
        /// The user must sign in again or more strongly (RFC 9470).
        case stepUp
        /// Another site made a browser use its session (403).
        case foreign
        /// Nobody can tell now: an issuer's keys or the store are not at hand (503).
        case unavailable
        /// Too many passwords wait (503).
        case busy
    }

    var kind: Kind
    /// The event's rule.
    var rule: String
    /// Why, for the log; never holds the credential.
    var reason: String
    /// True where a token was presented under the scheme `DPoP`, or is bound to a key.
    var usesProof = false
    /// True where the token has expired, which its holder may learn.
    var isExpired = false
    /// Seconds after which it makes sense to try again; 0 for none.
    var retryAfter: Int64 = 0

    init(_ kind: Kind, _ rule: String, _ reason: String) {
        self.kind = kind
        self.rule = rule
        self.reason = reason
    }
}

/// What comes of looking at a credential.
enum CredentialOutcome {
    case verified(VerifiedCredential)
    case refused(CredentialFault)
    /// It takes time; asked again when it is there.
    case later(EventLoopFuture<Result<VerifiedCredential, CredentialFault>>)
}
