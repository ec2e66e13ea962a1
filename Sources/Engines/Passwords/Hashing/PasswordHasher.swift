/// Makes and checks password hashes at the current cost.
///
/// Every call takes as long as Argon2id does: run it through a ``HashingQueue``.
public struct PasswordHasher: Sendable {
    /// The cost of new hashes.
    public let parameters: Argon2Parameters
    /// Stands in for the hash of a user who does not exist, so that asking for one takes as long.
    private let dummy: PHCString

    /// Length of a salt, in bytes.
    static let saltBytes = 16

    /// What a check found.
    public enum Verdict: Sendable, Hashable {
        /// The password is right. Where the stored hash is cheaper than today's, `rehash` holds a new one to store.
        case match(rehash: PHCString?)
        /// Wrong password, no such user, or a stored hash that cannot be computed.
        case mismatch
    }

    /// A hasher of this cost; the randomness goes into the dummy hash. Nil for parameters that are not allowed.
    public init?(_ parameters: Argon2Parameters = Argon2Parameters(), using random: inout some RandomNumberGenerator) {
        guard parameters.isAllowed else { return nil }
        self.parameters = parameters
        dummy = PHCString(
            parameters: parameters, salt: randomBytes(Self.saltBytes, &random), tag: randomBytes(parameters.tagBytes, &random))
    }

    /// A new hash; nil where there is no memory for it.
    public func hash(_ password: String, using random: inout some RandomNumberGenerator) -> PHCString? {
        let salt = randomBytes(Self.saltBytes, &random)
        return Argon2id.hash(PasswordText.normalized(password), salt: salt, parameters)
            .map { PHCString(parameters: parameters, salt: salt, tag: $0) }
    }

    /// Checks a password against a stored hash, or against nothing in the same time.
    public func verify(_ password: String, against stored: PHCString?, using random: inout some RandomNumberGenerator) -> Verdict {
        let target = stored ?? dummy
        guard let tag = Argon2id.hash(PasswordText.normalized(password), salt: target.salt, target.parameters),
            isEqualInConstantTime(tag, target.tag), stored != nil
        else { return .mismatch }
        return .match(rehash: needsRehash(target) ? hash(password, using: &random) : nil)
    }

    /// True where a stored hash is cheaper than new ones in any number, or its salt is short.
    public func needsRehash(_ stored: PHCString) -> Bool {
        !stored.parameters.covers(parameters) || stored.salt.count < Self.saltBytes
    }
}

func randomBytes(_ count: Int, _ random: inout some RandomNumberGenerator) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
}

/// Compares without telling by its time where the first difference is.
func isEqualInConstantTime(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
