/// What a token must say before it is believed (RFC 8725). One policy is for one kind of token: make them so that no token
/// satisfies two (section 3.12).
public struct JWTPolicy: Sendable {
    /// The issuer that `iss` must be, byte for byte; nil only for kinds of token that have none.
    public var issuer: String?
    /// `aud` must name at least one of them; empty only for kinds of token that have none.
    public var audiences: Set<String>
    /// Media types of which `typ` must be one, without the prefix `application/`, in any case; nil accepts any and none.
    public var types: Set<String>?
    /// What `sub` must be; nil asks for nothing.
    public var subject: String?
    /// How far the other party's clock may be off; 60 s.
    public var skew = Duration.seconds(60)
    /// Whether `exp` must be there; true.
    public var requiresExpiration = true
    /// Longest time from `iat` to `exp`; nil allows any. With a limit `iat` must be there.
    public var maximumLifetime: Duration?
    /// Longest time since `iat`; nil allows any. With a limit `iat` must be there.
    public var maximumAge: Duration?
    /// Names of further claims that must be there.
    public var requiredClaims: [String] = []

    /// A policy; what is not checked has to be spelled out as nil.
    public init(issuer: String?, audiences: Set<String>, types: Set<String>?) {
        self.issuer = issuer
        self.audiences = audiences
        self.types = types
    }

    /// Checks a header's `typ` and the claims at a moment.
    ///
    /// - Throws: ``JOSEError`` with the code of the first claim that fails.
    public func check(type: String?, claims: JWTClaims, at now: NumericDate) throws(JOSEError) {
        try checkType(type)
        try checkParties(claims)
        try checkTimes(claims, now)
        for name in requiredClaims where claims[name] == nil { throw JOSEError(.claimMissing, "`\(name)` is missing") }
    }

    private func checkType(_ type: String?) throws(JOSEError) {
        guard let types else { return }
        guard let type else { throw JOSEError(.typeMismatch, "`typ` is missing") }
        if types.contains(type) { return }
        let normal = Self.normalized(type)
        guard types.contains(where: { Self.normalized($0) == normal }) else {
            throw JOSEError(.typeMismatch, "`typ` `\(type)` is not awaited")
        }
    }

    /// RFC 7515 section 4.1.9: `application/` goes without saying where no other slash follows.
    private static func normalized(_ type: String) -> String {
        let lower = type.lowercased()
        let short = lower.hasPrefix("application/") ? String(lower.dropFirst(12)) : lower
        return short.contains("/") ? lower : short
    }

    private func checkParties(_ claims: JWTClaims) throws(JOSEError) {
        if let issuer, !isSame(claims.issuer, issuer) {
            throw JOSEError(.issuerMismatch, "`iss` is `\(claims.issuer ?? "")`, not `\(issuer)`")
        }
        if let subject, !isSame(claims.subject, subject) {
            throw JOSEError(.subjectMismatch, "`sub` is not `\(subject)`")
        }
        guard audiences.isEmpty || claims.audiences.contains(where: { one in audiences.contains { isSame(one, $0) } }) else {
            throw JOSEError(.audienceMismatch, "`aud` names none of the awaited")
        }
    }

    private func checkTimes(_ claims: JWTClaims, _ now: NumericDate) throws(JOSEError) {
        if let expiration = claims.expiration {
            guard now - skew < expiration else { throw JOSEError(.expired, "expired") }
        } else if requiresExpiration {
            throw JOSEError(.claimMissing, "`exp` is missing")
        }
        if let notBefore = claims.notBefore, now + skew < notBefore { throw JOSEError(.notYetValid, "`nbf` lies in the future") }
        if let issuedAt = claims.issuedAt, now + skew < issuedAt { throw JOSEError(.notYetValid, "`iat` lies in the future") }
        guard maximumAge != nil || maximumLifetime != nil else { return }
        guard let issuedAt = claims.issuedAt else { throw JOSEError(.claimMissing, "`iat` is missing") }
        if let maximumAge, issuedAt + maximumAge + skew < now { throw JOSEError(.lifetimeExceeded, "issued too long ago") }
        if let maximumLifetime, let expiration = claims.expiration, issuedAt + maximumLifetime < expiration {
            throw JOSEError(.lifetimeExceeded, "lives longer than allowed")
        }
    }
}

/// Equality by bytes: Swift's own takes different spellings of one character for the same.
private func isSame(_ one: String?, _ other: String) -> Bool {
    guard let one else { return false }
    return one.utf8.elementsEqual(other.utf8)
}
