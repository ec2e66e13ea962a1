/// Who must have a second factor, from when, and which.
public struct MFAPolicy: Sendable, Equatable {
    /// Who must have one.
    public enum Requirement: Sendable, Equatable {
        /// Whoever wants to.
        case optional
        /// Everyone.
        case everyone
        /// Members of these groups.
        case groups(Set<String>)
    }

    /// A kind of second factor.
    public enum Factor: String, Sendable, Hashable, CaseIterable {
        /// A passkey, which stands alone too.
        case passkey
        /// Codes of an authenticator app.
        case authenticator
    }

    /// Who must have a second factor; whoever wants to.
    public var requirement = Requirement.optional
    /// Seconds after their making in which users may sign in without; 0.
    public var grace: Int64 = 0
    /// Moment before which nobody must, in seconds since 1970; 0.
    public var from: Int64 = 0
    /// What users may enrol; all.
    public var factors = Set(Factor.allCases)
    /// Seconds that a browser may be remembered after a second factor, so that the password is enough there; 0 for never.
    ///
    /// A remembered browser satisfies this policy, but not a client that asks for a stronger `acr`.
    public var deviceMemory: Int64 = 0

    /// The defaults.
    public init() {}

    /// True where a user must have a second factor sooner or later.
    public func concerns(_ user: User) -> Bool {
        switch requirement {
        case .optional: false
        case .everyone: true
        case .groups(let groups): !groups.isDisjoint(with: user.groups)
        }
    }

    /// The moment from which a user cannot go on without; nil where the policy does not concern the user.
    public func deadline(_ user: User) -> Int64? { concerns(user) ? max(from, user.created + grace) : nil }

    /// True where a user cannot go on without a second factor.
    public func binds(_ user: User, at now: Int64) -> Bool { deadline(user).map { $0 <= now } ?? false }
}
