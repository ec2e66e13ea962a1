internal import GatehouseGuards
internal import Synchronization

/// Revocations of credentials that are still good by themselves, such as signed tokens of outside issuers.
///
/// Bounded: the oldest of more than 100 000 makes room; none is kept longer than a day.
final class RevocationList: Sendable {
    private let state = Mutex<[Revocation: Int64]>([:])
    private static let capacity = 100_000
    private static let life: Int64 = 86_400

    /// Notes a revocation.
    func add(_ revocation: Revocation, at now: Int64) {
        state.withLock { list in
            if list.count >= Self.capacity {
                list = list.filter { $0.value > now - Self.life }
                if list.count >= Self.capacity, let oldest = list.min(by: { $0.value < $1.value })?.key { list[oldest] = nil }
            }
            list[revocation] = now
        }
    }

    /// True where a credential was revoked.
    func names(_ credential: VerifiedCredential) -> Bool {
        let identity = credential.identity
        let candidates: [Revocation] = [
            .grant(credential.marks.grant), .session(issuer: identity.issuer, id: identity.sessionID),
            .token(issuer: identity.issuer, id: credential.marks.tokenID),
            .subject(issuer: identity.issuer, subject: identity.subject), .client(issuer: identity.issuer, client: identity.client),
        ]
        return state.withLock { list in
            guard !list.isEmpty else { return false }
            return candidates.contains { candidate in list[candidate].map { candidate.names(credential, at: $0) } ?? false }
        }
    }
}
