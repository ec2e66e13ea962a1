internal import Atomics
internal import GatehouseCore
internal import GatehouseGuards
internal import Synchronization

/// What all event loops share: the clock, the event stream, and the counts of connections.
final class SharedState: Sendable {
    /// The services that guards may use.
    let services: ExchangeServices
    /// Clients' connections open now.
    let connections = ManagedAtomic(0)
    private let shards: [ClientShard]

    init(services: ExchangeServices) {
        self.services = services
        shards = (0..<16).map { _ in ClientShard() }
    }

    /// Counts a new connection of a client.
    ///
    /// - Returns: the limit that it would break, `nil` when it may stay.
    func admit(_ client: IPAddress, most: Int, mostPerClient: Int) -> ConnectionLimit? {
        guard connections.wrappingIncrementThenLoad(ordering: .relaxed) <= most else {
            connections.wrappingDecrement(ordering: .relaxed)
            return .total
        }
        guard shard(of: client).increment(client, most: mostPerClient) else {
            connections.wrappingDecrement(ordering: .relaxed)
            return .perClient
        }
        return nil
    }

    /// Counts the end of a connection that was admitted.
    func release(_ client: IPAddress) {
        connections.wrappingDecrement(ordering: .relaxed)
        shard(of: client).decrement(client)
    }

    private func shard(of client: IPAddress) -> ClientShard { shards[Int(truncatingIfNeeded: client.bits ^ client.bits >> 8) & 15] }
}

/// Which limit on connections struck.
enum ConnectionLimit: String {
    case total = "connections"
    case perClient = "connections_per_client"
}

private final class ClientShard: Sendable {
    private let counts = Mutex<[IPAddress: Int]>([:])

    func increment(_ client: IPAddress, most: Int) -> Bool {
        counts.withLock { counts in
            let count = counts[client, default: 0]
            guard count < most else { return false }
            counts[client] = count + 1
            return true
        }
    }

    func decrement(_ client: IPAddress) {
        counts.withLock { counts in
            let count = counts[client, default: 1] - 1
            counts[client] = count > 0 ? count : nil
        }
    }
}
