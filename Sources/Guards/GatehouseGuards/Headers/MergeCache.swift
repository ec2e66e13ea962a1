internal import Synchronization

/// Remembers joined headers: a service sends the same few values with every answer.
///
/// Holds at most 64 values of at most 4 KiB, so that a service whose policies have nonces does not fill memory.
final class MergeCache: Sendable {
    private struct Key: Hashable {
        var header: Int
        var theirs: [String]
    }

    private static let mostValues = 64
    private static let longest = 4096
    private let values = Mutex<[Key: String]>([:])

    /// The joined value of a plan's header, worked out at most once.
    func value(header: Int, theirs: [String], _ join: ([String]) -> String) -> String {
        let key = Key(header: header, theirs: theirs)
        if let known = values.withLock({ $0[key] }) { return known }
        let joined = join(theirs)
        guard theirs.reduce(joined.utf8.count, { $0 + $1.utf8.count }) <= Self.longest else { return joined }
        values.withLock { values in
            if values.count >= Self.mostValues { values.removeAll() }
            values[key] = joined
        }
        return joined
    }
}
