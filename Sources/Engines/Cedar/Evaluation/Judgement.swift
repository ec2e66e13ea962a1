/// What the policies whose scope matches a request came to, each by itself.
public struct Judgement: Sendable {
    /// The satisfied permits, in the order of the set.
    public internal(set) var permits: [String] = []
    /// The satisfied forbids, in the order of the set.
    public internal(set) var forbids: [String] = []
    /// The policies that failed.
    public internal(set) var errors: [Response.PolicyError] = []
    /// The policies that hang on attributes that are not known yet; see ``Entities/withUnknown(_:attributes:)``.
    public internal(set) var open: [(policy: String, effect: Effect)] = []

    /// The answer as Cedar defines it; policies that hang on what is unknown count as not satisfied.
    public var response: Response {
        Response(
            decision: forbids.isEmpty && !permits.isEmpty ? .allow : .deny, reasons: forbids.isEmpty ? permits : forbids, errors: errors)
    }

    /// True where what is not known yet could change an answer in which an erring forbid denies (`failsClosed`) or does not.
    public func isOpen(failsClosed: Bool) -> Bool {
        guard !open.isEmpty, forbids.isEmpty else { return false }
        if failsClosed, errors.contains(where: { $0.effect == .forbid }) { return false }
        return permits.isEmpty ? open.contains { $0.effect == .permit } : open.contains { $0.effect == .forbid }
    }
}
