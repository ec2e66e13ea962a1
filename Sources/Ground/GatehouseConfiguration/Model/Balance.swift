/// How an upstream is chosen.
public enum Balance: Sendable, Equatable {
    /// Each in turn, by weight.
    case roundRobin
    /// The one with the fewest running requests by weight.
    case leastRequests
    /// The same one for the same key (consistent hashing): few keys move when an upstream comes or goes.
    case hash(HashKey)

    /// What consistent hashing looks at.
    public enum HashKey: Sendable, Equatable {
        /// The true client's address.
        case client
        /// A field of the request.
        case header(FieldName)
        /// A cookie of the request.
        case cookie(String)
    }
}

extension Balance: ConfigurationValue {
    /// A word, or what to hash.
    public static var form: ValueForm { .either([.choice(["round_robin", "least_requests"]), .section(HashBalance.self)]) }

    /// Reads the word or the mapping.
    public static func read(_ node: YAMLNode, over inherited: Balance?, with reader: inout ConfigurationReader) -> Balance? {
        if node.mapping != nil { return HashBalance.read(node, over: nil, with: &reader).map { .hash($0.key) } }
        return Word.read(node, over: nil, with: &reader).map { $0 == .roundRobin ? .roundRobin : .leastRequests }
    }

    /// One row.
    public func rows(at path: String) -> [ConfigurationRow] {
        switch self {
        case .roundRobin: Word.roundRobin.rows(at: path)
        case .leastRequests: Word.leastRequests.rows(at: path)
        case .hash(let key): [ConfigurationRow(path: path, value: "hash of \(key.configuredText)")]
        }
    }

    private enum Word: String, ConfigurationChoice {
        case roundRobin = "round_robin"
        case leastRequests = "least_requests"
    }
}

/// `{hash: KEY}`.
struct HashBalance: ConfigurationSection {
    var key = Balance.HashKey.client

    static var title: String { "hash" }
    static var about: String { "Consistent hashing: the same upstream for the same key, and few keys move when one comes or goes." }
    static var keys: [ConfigurationKey<HashBalance>] {
        [ConfigurationKey("hash", \.key, "What is hashed: the client's address, a header or a cookie.", isRequired: true)]
    }
}

extension Balance.HashKey: ConfigurationScalar {
    /// `client`, `header:NAME` or `cookie:NAME`.
    public static var scalarForm: ScalarForm { ScalarForm("hash key", example: "cookie:session", pattern: "^(client|(header|cookie):.+)$") }

    /// Reads a key.
    public static func configured(_ text: String) -> Balance.HashKey? {
        if text == "client" { return .client }
        if text.hasPrefix("header:") { return FieldName(String(text.dropFirst(7))).map(Self.header) }
        guard text.hasPrefix("cookie:"), FieldName(String(text.dropFirst(7))) != nil else { return nil }
        return .cookie(String(text.dropFirst(7)))
    }

    /// The key as it is written.
    public var configuredText: String {
        switch self {
        case .client: "client"
        case .header(let name): "header:\(name)"
        case .cookie(let name): "cookie:\(name)"
        }
    }
}
