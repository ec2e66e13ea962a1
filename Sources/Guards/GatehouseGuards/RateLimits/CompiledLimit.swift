internal import GatehouseConfiguration
internal import GatehouseCore
internal import HTTPWire

/// One limit made ready: its numbers, its room in the store, and how a request becomes a key.
final class CompiledLimit: Sendable {
    let name: String
    let interval: Int64
    let burst: Int64
    let hasRate: Bool
    let concurrency: Int?
    /// `"name";q=count;w=seconds`, a member of RateLimit-Policy; empty without a rate.
    let policy: String
    /// `"name"` as a structured-field string.
    let quotedName: [UInt8]

    private let parts: [RateLimitKey]
    private let prefixes: NetworkPrefixes
    private let lease: CounterLease

    init(_ limit: RateLimit, prefixes: NetworkPrefixes, capacity: Int, store: any CounterStore) {
        name = limit.name
        interval = limit.rate?.interval ?? 1
        // so long that the arithmetic cannot overflow: a limit of years is one of years
        burst = min(Int64(max(1, limit.burst ?? limit.rate?.count ?? 1)), max(1, Int64.max / 4 / interval))
        hasRate = limit.rate != nil
        concurrency = limit.concurrency
        parts = limit.key.isEmpty ? [.clientNetwork] : limit.key
        self.prefixes = prefixes
        let quotedName: [UInt8] = [0x22] + limit.name.utf8.filter { (0x20..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C } + [0x22]
        self.quotedName = quotedName
        let seconds = limit.rate.map { max(1, ($0.period.nanoseconds + 999_999_999) / 1_000_000_000) } ?? 0
        policy = limit.rate.map { "\(String(decoding: quotedName, as: UTF8.self));q=\($0.count);w=\(seconds)" } ?? ""
        let identity = "\(limit.name)|\(limit.key)|\(limit.rate?.description ?? "")|\(burst)|\(prefixes)|\(capacity)"
        lease = store.lease(identity, capacity: capacity)
    }

    /// The counter of a request.
    func key(for exchange: Exchange, secret: SipKey) -> CounterKey {
        var hash = SipHash(key: secret)
        hash.append(UInt64(lease.limit))
        for part in parts { add(part, of: exchange, to: &hash) }
        return CounterKey(limit: lease.limit, hash: hash.finish())
    }

    private func add(_ part: RateLimitKey, of exchange: Exchange, to hash: inout SipHash) {
        switch part {
        case .client: add(exchange.client, length: exchange.client.family.bitWidth, to: &hash)
        case .clientNetwork: addNetwork(of: exchange, to: &hash)
        case .header(let field): addValues(of: field.name, exchange, to: &hash)
        case .apiKey: addKey(exchange, to: &hash)
        case .route:
            hash.append(exchange.route.service.utf8)
            hash.append(exchange.route.name.utf8)
        case .user:
            if exchange.principal.isEmpty { addNetwork(of: exchange, to: &hash) } else { addText(exchange.principal.utf8, to: &hash) }
        }
    }

    private func addNetwork(of exchange: Exchange, to hash: inout SipHash) {
        add(exchange.client, length: exchange.client.family == .v4 ? prefixes.v4 : prefixes.v6, to: &hash)
    }

    private func add(_ address: IPAddress, length: Int, to hash: inout SipHash) {
        let host = UInt128(address.family.bitWidth - length)
        let bits = host >= 128 ? 0 : address.bits >> host
        hash.append(address.family == .v4 ? UInt8(4) : 6)
        hash.append(UInt64(truncatingIfNeeded: bits))
        if address.family == .v6 { hash.append(UInt64(truncatingIfNeeded: bits >> 64)) }
    }

    /// A request without the field counts for its network, so that leaving it out is no way around.
    private func addValues(of name: String, _ exchange: Exchange, to hash: inout SipHash) {
        let fields = exchange.request.fields
        guard let first = fields.firstIndex(named: name) else { return addNetwork(of: exchange, to: &hash) }
        for index in first..<fields.count where fields.nameBytes(at: index).elementsEqual(name.utf8) {
            addText(fields.valueBytes(at: index), to: &hash)
        }
    }

    /// The key that was recognized, else the one that is shown, else the network.
    private func addKey(_ exchange: Exchange, to hash: inout SipHash) {
        let fields = exchange.request.fields
        if !exchange.principal.isEmpty {
            addText(exchange.principal.utf8, to: &hash)
        } else if let index = fields.firstIndex(named: "x-api-key") ?? fields.firstIndex(of: .authorization) {
            addText(fields.valueBytes(at: index), to: &hash)
        } else {
            addNetwork(of: exchange, to: &hash)
        }
    }

    private func addText(_ text: some Collection<UInt8>, to hash: inout SipHash) {
        hash.append(UInt8(1))
        hash.append(text)
    }
}

/// How many leading bits of an address name a client's network.
struct NetworkPrefixes: Sendable, Equatable {
    /// Of an IPv4 address.
    let v4: Int
    /// Of an IPv6 address.
    let v6: Int

    /// Prefix lengths, cut to what the families have.
    init(v4: Int, v6: Int) {
        self.v4 = min(max(v4, 0), 32)
        self.v6 = min(max(v6, 0), 128)
    }
}
