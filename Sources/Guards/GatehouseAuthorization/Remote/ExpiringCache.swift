internal import Synchronization

/// Answers that are used again for a while, at most so many; shared by all event loops.
///
/// Two generations: a full young one becomes the old one, whose entries go unless they are asked for again.
final class ExpiringCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let value: Value
        /// Monotonic nanoseconds.
        let end: Int64
    }

    private struct Generations: Sendable {
        var young: [Key: Entry] = [:]
        var old: [Key: Entry] = [:]
    }

    private let generations = Mutex(Generations())
    private let half: Int

    /// A cache for at most so many answers.
    init(capacity: Int) { half = max(1, capacity / 2) }

    /// The value of a key, if it has not ended.
    func value(_ key: Key, now: Int64) -> Value? {
        generations.withLock { generations in
            if let entry = generations.young[key] { return entry.end > now ? entry.value : nil }
            guard let entry = generations.old[key], entry.end > now else { return nil }
            Self.insert(entry, key, &generations, half)
            return entry.value
        }
    }

    /// Keeps a value until a time.
    func keep(_ value: Value, for key: Key, until end: Int64) {
        generations.withLock { Self.insert(Entry(value: value, end: end), key, &$0, half) }
    }

    private static func insert(_ entry: Entry, _ key: Key, _ generations: inout Generations, _ half: Int) {
        if generations.young.count >= half {
            generations.old = generations.young
            generations.young = [:]
        }
        generations.young[key] = entry
    }
}
