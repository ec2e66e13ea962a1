/// A link that works once and not for long: password reset, invitation, e-mail confirmation.
public struct OneTimeLink: Sendable, Hashable {
    /// What is stored; the secret itself is not.
    public struct Record: Sendable, Hashable {
        /// Hash of the secret.
        public let hash: [UInt8]
        /// What the link is for; a link for one purpose does nothing for another.
        public let purpose: String
        /// End of its life, in seconds since 1970.
        public let expires: Int64

        /// A record as it was stored.
        public init(hash: [UInt8], purpose: String, expires: Int64) {
            self.hash = hash
            self.purpose = purpose
            self.expires = expires
        }

        /// True where the secret is this record's, for this purpose, and in time.
        ///
        /// Assumes: the caller deletes the record in the same write that believes it.
        public func accepts(_ secret: String, for purpose: String, at seconds: Int64) -> Bool {
            guard let hash = OneTimeLink.format.hash(of: secret) else { return false }
            return isEqualInConstantTime(hash, self.hash) && purpose == self.purpose && seconds < expires
        }
    }

    /// The secret, for the link's query or fragment.
    public let secret: IssuedSecret
    /// What is stored.
    public let record: Record

    /// The form of every link's secret.
    public static let format = SecretFormat(known: "gateln_")

    /// A new link.
    ///
    /// - Parameter lifetime: Seconds that it works; 900.
    public init(purpose: String, at seconds: Int64, lifetime: Int64 = 900, using random: inout some RandomNumberGenerator) {
        secret = Self.format.generate(using: &random)
        record = Record(hash: secret.hash, purpose: purpose, expires: seconds + lifetime)
    }
}

extension SecretFormat {
    /// A form whose prefix stands in the source and is right.
    init(known prefix: String) { self.prefix = prefix }
}
