public import GatehouseCore

/// Rate and concurrency limits: a request must pass all of them.
public struct RateLimitGuardSettings: Sendable, Equatable {
    /// Default `enforce`.
    public var mode = GuardMode.enforce
    /// The limits. A limit with the name of an inherited one takes its place; others are added.
    public var limits: [RateLimit] = [.standard]
    /// Sends `RateLimit` and `RateLimit-Policy` fields; default true.
    public var sendsFields = true
    /// Keys that all counters of one limit hold at most; the oldest make room. Default 1 000 000.
    public var maxKeys = 1_000_000
    /// Leading bits of an IPv4 address that name a client's network; default 24.
    public var clientNetworkV4 = 24
    /// Leading bits of an IPv6 address that name a client's network; default 56.
    public var clientNetworkV6 = 56

    /// One generous limit per client network.
    public init() {}
}

extension RateLimitGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "rate_limits guard" }
    /// What it is for.
    public static var about: String { "Rate and concurrency limits (GCRA); a request must pass all of them." }
    /// The mode word, or the limits alone.
    public static var shortForm: ValueForm? { .either([.list(of: RateLimit.form), GuardMode.form]) }

    /// Its keys.
    public static var keys: [ConfigurationKey<RateLimitGuardSettings>] {
        [
            modeKey(\.mode),
            ConfigurationKey(
                "limits",
                "The limits. One with the name of an inherited limit takes its place, others are added; an empty list takes all away.",
                form: [RateLimit].form, defaultText: "one named `default`: 3000/1m by client network, burst 600",
                risk: "an empty list: clients may send as much as they like.",
                rows: { settings, path in
                    settings.limits.isEmpty
                        ? [ConfigurationRow(path: path, value: "[]")] : settings.limits.flatMap { $0.rows(at: "\(path).\($0.name)") }
                }
            ) { node, settings, reader in settings.merge(node, with: &reader) },
            ConfigurationKey("send_fields", \.sendsFields, "Sends the `RateLimit` and `RateLimit-Policy` fields."),
            ConfigurationKey(
                "max_keys", \.maxKeys, in: 1000...100_000_000, "Keys that the counters of one limit hold at most; the oldest make room."),
            ConfigurationKey(
                "client_network_v4", \.clientNetworkV4, in: 8...32, "Leading bits of an IPv4 address that name a client's network."),
            ConfigurationKey(
                "client_network_v6", \.clientNetworkV6, in: 16...128, "Leading bits of an IPv6 address that name a client's network."),
        ]
    }

    /// Takes the limits or the mode word.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        if node.sequence != nil {
            merge(node, with: &reader)
            return true
        }
        guard node.scalar != nil, let mode = GuardMode.read(node, over: nil, with: &reader) else { return false }
        self.mode = mode
        reader.origin(of: "mode", at: node)
        if let why = Self.modeRisk.reason(mode) { reader.unsafe(mode.rawValue, because: why, at: node) }
        return true
    }

    private mutating func merge(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard let new = [RateLimit].read(node, over: nil, with: &reader) else { return }
        if new.isEmpty {
            reader.unsafe("[]", because: "clients may send as much as they like", at: node)
            return limits = []
        }
        for (index, limit) in new.enumerated() {
            reader.rename(index: index, to: "limits.\(limit.name)")
            if new[..<index].contains(where: { $0.name == limit.name }) {
                reader.error("two limits have the name `\(limit.name)`", at: node.sequence?[index] ?? node)
            }
            if let place = limits.firstIndex(where: { $0.name == limit.name }) { limits[place] = limit } else { limits.append(limit) }
        }
    }
}
