internal import Crypto
internal import Foundation
internal import GatehouseGuards
internal import Synchronization

/// Remembers verified credentials by a keyed hash of their text, so that a token is verified once and not for each request.
///
/// Bounded: two generations of half the capacity; what is not asked for while a generation fills is forgotten. A revocation takes its
/// entries out at once, and what was under verification while it came is not remembered.
final class VerifiedCache: Sendable {
    private let shards: [Shard]
    private let secret: [UInt8]
    private let epoch = Atomic<UInt64>(0)

    init(capacity: Int) {
        let count = capacity >= 1600 ? 16 : 1
        shards = (0..<count).map { _ in Shard(capacity: max(1, capacity / count / 2)) }
        var random = SystemRandomNumberGenerator()
        secret = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    /// Changes with every revocation; to be read before a verification begins.
    var moment: UInt64 { epoch.load(ordering: .acquiring) }

    /// The key of a credential under a policy.
    func key(_ credential: ArraySlice<UInt8>, policy: UInt32) -> CacheKey {
        var hash = SHA256()
        unsafe secret.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        unsafe withUnsafeBytes(of: policy) { unsafe hash.update(bufferPointer: $0) }
        unsafe credential.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        return CacheKey(hash.finalize())
    }

    /// What is known under a key, if it still counts.
    func find(_ key: CacheKey, at now: Int64) -> VerifiedCredential? {
        guard let entry = shard(key).find(key), entry.until > now else { return nil }
        return entry.credential
    }

    /// Remembers a credential, unless something was revoked since a moment.
    ///
    /// - Parameter until: seconds since 1970 from which it must be verified again.
    func insert(_ credential: VerifiedCredential, under key: CacheKey, until: Int64, verifiedSince moment: UInt64) {
        shard(key).insert(CacheEntry(credential: credential, until: until), under: key) { self.moment == moment }
    }

    /// Forgets all that a revocation names.
    func remove(where isRevoked: (VerifiedCredential) -> Bool) {
        epoch.add(1, ordering: .acquiringAndReleasing)
        for shard in shards { shard.remove(where: isRevoked) }
    }

    private func shard(_ key: CacheKey) -> Shard { shards[Int(truncatingIfNeeded: key.low >> 64) & (shards.count - 1)] }
}

/// The hash of a credential.
struct CacheKey: Hashable, Sendable {
    let high: UInt128
    let low: UInt128

    init(_ digest: SHA256.Digest) {
        (high, low) = unsafe digest.withUnsafeBytes { bytes in
            (unsafe bytes.loadUnaligned(as: UInt128.self), unsafe bytes.loadUnaligned(fromByteOffset: 16, as: UInt128.self))
        }
    }

    /// The bits are a hash already.
    func hash(into hasher: inout Hasher) { hasher.combine(UInt64(truncatingIfNeeded: high)) }
}

private struct CacheEntry: Sendable {
    let credential: VerifiedCredential
    let until: Int64
}

private final class Shard: Sendable {
    private let capacity: Int
    private let state = Mutex(State())

    private struct State {
        var young: [CacheKey: CacheEntry] = [:]
        var old: [CacheKey: CacheEntry] = [:]
    }

    init(capacity: Int) { self.capacity = capacity }

    func find(_ key: CacheKey) -> CacheEntry? {
        state.withLock { state in
            if let entry = state.young[key] { return entry }
            guard let entry = state.old.removeValue(forKey: key) else { return nil }
            add(entry, key, &state)
            return entry
        }
    }

    func insert(_ entry: CacheEntry, under key: CacheKey, if holds: () -> Bool) {
        state.withLock { state in if holds() { add(entry, key, &state) } }
    }

    func remove(where isRevoked: (VerifiedCredential) -> Bool) {
        state.withLock { state in
            state.young = state.young.filter { !isRevoked($0.value.credential) }
            state.old = state.old.filter { !isRevoked($0.value.credential) }
        }
    }

    private func add(_ entry: CacheEntry, _ key: CacheKey, _ state: inout State) {
        if state.young.count >= capacity {
            state.old = state.young
            state.young = [:]
        }
        state.young[key] = entry
    }
}
