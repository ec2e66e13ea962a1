internal import Foundation
internal import Synchronization

/// Asks the system's resolver whether a DNS block list has a name, and remembers the answers for a while.
///
/// Blocks until the resolver answers: only for threads that may wait. A list that does not answer counts as one that does not have the name.
public final class DNSBlockList: Sendable {
    private struct Answer {
        var isListed: Bool
        var until: ContinuousClock.Instant
    }

    private let known = Mutex<[String: Answer]>([:])
    private let look: @Sendable (String) -> Bool
    private let lifetime: Duration

    /// A list with nothing remembered.
    ///
    /// - Parameters:
    ///   - lifetime: how long an answer holds; default 5 minutes.
    ///   - look: asks for an address; by default `getaddrinfo`.
    public init(lifetime: Duration = .seconds(300), look: @escaping @Sendable (String) -> Bool = DNSBlockList.ask) {
        self.lifetime = lifetime
        self.look = look
    }

    /// Whether the name exists.
    public func has(_ name: String) -> Bool {
        let now = ContinuousClock.now
        if let answer = known.withLock({ $0[name] }), answer.until > now { return answer.isListed }
        let isListed = look(name)
        known.withLock { known in
            if known.count >= Self.limit { known = known.filter { $0.value.until > now } }
            if known.count >= Self.limit { known.removeAll(keepingCapacity: true) }
            known[name] = Answer(isListed: isListed, until: now + lifetime)
        }
        return isListed
    }

    /// More answers are not remembered.
    private static let limit = 50_000

    /// Asks the system's resolver for an IPv4 address of a name.
    public static let ask: @Sendable (String) -> Bool = { name in
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_INET
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(name, nil, &hints, &found)
        if let found = unsafe found { unsafe freeaddrinfo(found) }
        return status == 0
    }
}
