internal import Crypto
internal import Foundation
internal import Synchronization

/// Remembers proofs until they are too old to count, so that each counts once (RFC 9449, section 11.1).
///
/// Bounded: when all room is taken by proofs that still count, new ones cannot be taken.
final class ReplayStore: Sendable {
    private let capacity: Int
    private let state = Mutex(State())

    private struct State {
        var young: Set<CacheKey> = []
        var old: Set<CacheKey> = []
        var turned: Int64 = 0
    }

    /// What becomes of a proof.
    enum Answer: Equatable {
        /// It is new.
        case fresh
        /// It was seen.
        case replayed
        /// There is no room to remember it.
        case full
    }

    init(capacity: Int) { self.capacity = capacity }

    /// Takes a proof.
    ///
    /// - Parameters:
    ///   - life: seconds for which any proof counts at most.
    ///   - now: seconds since 1970.
    func take(_ identifier: String, of key: String, life: Int64, at now: Int64) -> Answer {
        let hash = CacheKey(SHA256.hash(data: Array((key + " " + identifier).utf8)))
        return state.withLock { state in
            if now - state.turned >= life {
                state.old = now - state.turned >= 2 * life ? [] : state.young
                state.young = []
                state.turned = now
            }
            if state.young.contains(hash) || state.old.contains(hash) { return .replayed }
            guard state.young.count + state.old.count < capacity else { return .full }
            state.young.insert(hash)
            return .fresh
        }
    }
}
