internal import Synchronization

/// Keeps the collections that outlive a transaction: IP, GLOBAL, SESSION, USER, RESOURCE.
public protocol CollectionStore: Sendable {
    /// The members of a collection; nil where there is none under the key. Names of expiry times begin with `__expire_`.
    func load(_ collection: String, key: [UInt8]) -> [String: [UInt8]]?
    /// Puts members in the place of those that are kept.
    ///
    /// - Parameter expiry: when the collection as a whole is forgotten, in seconds since 1970.
    func save(_ collection: String, key: [UInt8], members: [String: [UInt8]], expiry: Int)
}

/// Collections in memory, for one process.
///
/// Limit: so many collections; the ones nearest their end make room for new ones.
public final class MemoryCollections: CollectionStore {
    private struct Kept {
        var members: [String: [UInt8]]
        var expiry: Int
    }

    private let limit: Int
    private let kept = Mutex<[String: [[UInt8]: Kept]]>([:])

    /// - Parameter limit: how many of each kind are kept; 100,000 by default.
    public init(limit: Int = 100_000) { self.limit = limit }

    /// See `CollectionStore`.
    public func load(_ collection: String, key: [UInt8]) -> [String: [UInt8]]? {
        kept.withLock { $0[collection]?[key]?.members }
    }

    /// See `CollectionStore`.
    public func save(_ collection: String, key: [UInt8], members: [String: [UInt8]], expiry: Int) {
        kept.withLock { kept in
            var group = kept.removeValue(forKey: collection) ?? [:]
            if group.count >= limit, group[key] == nil {
                let ends = group.values.map(\.expiry).sorted()
                let cut = ends[ends.count / 10]
                group = group.filter { $0.value.expiry > cut }
            }
            group[key] = Kept(members: members, expiry: expiry)
            kept[collection] = group
        }
    }
}
