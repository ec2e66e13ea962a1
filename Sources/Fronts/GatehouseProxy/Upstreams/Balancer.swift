internal import Atomics
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire

/// Chooses a backend: in turn by weight, the least busy, or always the same one for the same key.
struct Balancer: Sendable {
    private let members: [Member]
    private let method: Balance
    private let turns: [Int]
    private let turn = ManagedAtomic(0)
    private let ring: [(point: UInt64, member: Int)]

    init(_ members: [Member], _ method: Balance) {
        self.members = members
        self.method = method
        turns = Self.turns(members.map(\.weight))
        ring = if case .hash = method { Self.ring(members) } else { [] }
    }

    /// The member for a request. Members that were tried, are down or ejected are passed over; when all that are healthy are
    /// ejected, an ejected one is taken rather than none.
    func pick(for exchange: Exchange, excluding tried: [Int], now: Int64) -> Member? {
        if members.count == 1 {
            return members[0].isHealthy.load(ordering: .relaxed) ? members[0] : nil
        }
        return choose(exchange) { $0.isAvailable(at: now) && !tried.contains($0.id) }
            ?? choose(exchange) { $0.isHealthy.load(ordering: .relaxed) && !tried.contains($0.id) }
    }

    private func choose(_ exchange: Exchange, _ isUsable: (Member) -> Bool) -> Member? {
        switch method {
        case .roundRobin: return nextInTurn(isUsable)
        case .leastRequests: return leastBusy(isUsable)
        case .hash(let key): return onRing(Self.hash(keyBytes(key, exchange)), isUsable)
        }
    }

    private func nextInTurn(_ isUsable: (Member) -> Bool) -> Member? {
        let start = turn.loadThenWrappingIncrement(ordering: .relaxed)
        for step in 0..<turns.count {
            let member = members[turns[Int(UInt(bitPattern: start &+ step) % UInt(turns.count))]]
            if isUsable(member) { return member }
        }
        return nil
    }

    private func leastBusy(_ isUsable: (Member) -> Bool) -> Member? {
        let start = turn.loadThenWrappingIncrement(ordering: .relaxed)
        var best: (member: Member, load: Double)?
        for step in 0..<members.count {
            let member = members[Int(UInt(bitPattern: start &+ step) % UInt(members.count))]
            guard isUsable(member) else { continue }
            let load = Double(member.activeRequests.load(ordering: .relaxed) + 1) / Double(member.weight)
            if best == nil || load < best?.load ?? 0 { best = (member, load) }
        }
        return best?.member
    }

    private func onRing(_ hash: UInt64, _ isUsable: (Member) -> Bool) -> Member? {
        var low = 0
        var high = ring.count
        while low < high {
            let middle = (low + high) / 2
            if ring[middle].point < hash { low = middle + 1 } else { high = middle }
        }
        for step in 0..<ring.count {
            let member = members[ring[(low + step) % ring.count].member]
            if isUsable(member) { return member }
        }
        return nil
    }

    private func keyBytes(_ key: Balance.HashKey, _ exchange: Exchange) -> [UInt8] {
        switch key {
        case .client: return exchange.client.bytes
        case .header(let name): return Array((exchange.request.fields[name.name] ?? "").utf8)
        case .cookie(let name):
            let cookies = exchange.request.fields.values(of: .cookie).flatMap { $0.split(separator: ";") }
            let pair = cookies.map { $0.drop { $0 == " " } }.first { $0.hasPrefix(name + "=") }
            return Array((pair?.dropFirst(name.count + 1) ?? "").utf8)
        }
    }

    /// A smooth order in which each member stands as often as its weight says.
    private static func turns(_ weights: [Int]) -> [Int] {
        let total = weights.reduce(0, +)
        var current = weights.map { _ in 0 }
        return (0..<total).map { _ in
            for index in weights.indices { current[index] += weights[index] }
            let best = current.indices.max { current[$0] < current[$1] } ?? 0
            current[best] -= total
            return best
        }
    }

    private static func ring(_ members: [Member]) -> [(point: UInt64, member: Int)] {
        members.indices.flatMap { index in
            (0..<(160 * members[index].weight)).map { replica in
                (hash(Array("\(members[index].name)#\(replica)".utf8)), index)
            }
        }.sorted { $0.0 < $1.0 }
    }

    /// FNV-1a with a final mix: the same on every node of a fleet.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
        return hash ^ hash >> 33
    }
}
