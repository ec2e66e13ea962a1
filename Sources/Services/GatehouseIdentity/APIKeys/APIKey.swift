/// A credential that a program carries for long: a personal token of a user, or an API key of a machine.
public struct APIKey: Sendable, Equatable {
    /// Its id, not its secret.
    public let id: String
    /// Whose kind it is.
    public let kind: Kind
    /// The user's id for a personal token; the machine's name for an API key.
    public let owner: String
    /// What its maker calls it.
    public let name: String
    /// What it allows.
    public let scopes: [String]
    /// When it was made.
    public let created: Int64
    /// When it ends by itself; nil for never.
    public let expires: Int64?
    /// When it was used last, to the minute.
    public let used: Int64?

    /// The two kinds.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A user's own, which ends with the user: `gatept_…`.
        case personal
        /// A machine's: `gateak_…`.
        case machine
    }
}
