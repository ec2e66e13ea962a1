internal import Cedar
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire

/// What a policy's context can hold. A schema takes of it what its actions declare.
enum ContextFact: String, CaseIterable, Sendable {
    /// `Set<String>`: granted scopes.
    case scopes
    /// `String`, optional: the OAuth client.
    case client
    /// `String`, optional: `bearer`, `session`, `api_key`, `certificate` or `basic`.
    case credential
    /// `String`, optional: how the caller was authenticated (`acr`).
    case acr
    /// `Set<String>`: by which methods (`amr`).
    case amr
    /// `datetime`, optional: when.
    case authTime = "auth_time"
    /// `duration`, optional: how long ago.
    case authAge = "auth_age"
    /// `Bool`: the credential is bound to a key of the caller's.
    case senderConstrained = "sender_constrained"
    /// `ipaddr`: the true client's address.
    case address
    /// `Bool`: the client spoke TLS.
    case secure
    /// `datetime`: now.
    case time
    /// `String`: the method.
    case method
    /// `String`: the host that was asked for.
    case host
    /// `String`: the path as sent.
    case path
    /// `String`: the service's name.
    case service

    var type: CedarType {
        switch self {
        case .scopes, .amr: .set(.string)
        case .authTime, .time: .extension(.datetime)
        case .authAge: .extension(.duration)
        case .address: .extension(.ipaddr)
        case .secure, .senderConstrained: .bool
        case .client, .credential, .acr, .method, .host, .path, .service: .string
        }
    }

    /// True where it is there for every caller.
    var isCertain: Bool {
        switch self {
        case .client, .credential, .acr, .authTime, .authAge: false
        default: true
        }
    }

    /// The value for one request; nil where it has none.
    func value(_ exchange: Exchange, _ identity: CallerIdentity?) -> Value? {
        switch self {
        case .scopes: Self.set(identity?.scopes ?? [])
        case .amr: Self.set(identity?.authenticationMethods ?? [])
        case .client: Self.text(identity?.client)
        case .credential: Self.text(identity?.credential.rawValue)
        case .acr: Self.text(identity?.authenticationContext)
        case .authTime: identity?.authenticatedAt.map { .datetime(DatetimeValue(milliseconds: $0.clampedMilliseconds)) }
        case .authAge:
            identity?.authenticatedAt.map { time in
                let age = exchange.services.clock.wall / 1_000_000 - time.clampedMilliseconds
                return .duration(DurationValue(milliseconds: max(0, age)))
            }
        case .senderConstrained: .bool(identity?.confirmation.isEmpty == false)
        case .address: .ip(exchange.client.cedar)
        case .secure: .bool(exchange.isSecure)
        case .time: .datetime(DatetimeValue(milliseconds: exchange.services.clock.wall / 1_000_000))
        case .method: .string(Text(exchange.request.method.name))
        case .host: .string(Text(exchange.request.authority))
        case .path: .string(Text(exchange.request.path))
        case .service: .string(Text(exchange.route.service))
        }
    }

    private static func set(_ words: [String]) -> Value { .set(ValueSet(words.map { .string(Text($0)) })) }

    private static func text(_ text: String?) -> Value? {
        guard let text, !text.isEmpty else { return nil }
        return .string(Text(text))
    }
}

extension Int64 {
    /// Seconds since 1970 as milliseconds, within what dates need.
    fileprivate var clampedMilliseconds: Int64 { Swift.min(Swift.max(self, -62_135_596_800), 253_402_300_799) * 1000 }
}

extension IPAddress {
    var cedar: IPValue { IPValue(isV6: family == .v6, bits: bits) }
}

/// The context of one action: what of the facts its type in the schema takes.
struct ContextPlan: Sendable {
    private let facts: [(name: Text, fact: ContextFact)]

    /// Looks every declared attribute up among the facts.
    ///
    /// - Throws: ``AuthorizationFault`` for one that no request has, or has in another type.
    init(_ declared: [Text: AttributeType], action: EntityUID) throws(AuthorizationFault) {
        var facts: [(name: Text, fact: ContextFact)] = []
        for (name, attribute) in declared.sorted(by: { $0.key < $1.key }) {
            guard let fact = ContextFact(rawValue: name.string) else {
                let known = ContextFact.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                throw AuthorizationFault("the context of `\(action)` has `\(name)`, which no request has: there are \(known)")
            }
            guard attribute.type == fact.type else {
                throw AuthorizationFault("`\(name)` in the context of `\(action)` is \(fact.type), not \(attribute.type)")
            }
            guard fact.isCertain || !attribute.isRequired else {
                throw AuthorizationFault("`\(name)` in the context of `\(action)` must be optional: not every caller has it")
            }
            facts.append((name, fact))
        }
        self.facts = facts
    }

    private init(_ facts: [ContextFact]) { self.facts = facts.map { (Text($0.rawValue), $0) }.sorted { $0.name < $1.name } }

    /// Every fact that does not change from one moment to the next.
    static let everything = ContextPlan(ContextFact.allCases.filter { $0 != .time && $0 != .authAge })

    /// The context of a request.
    func context(_ exchange: Exchange, _ identity: CallerIdentity?) -> Record {
        guard !facts.isEmpty else { return Record() }
        var pairs: [(Text, Value)] = []
        pairs.reserveCapacity(facts.count)
        for (name, fact) in facts {
            if let value = fact.value(exchange, identity) { pairs.append((name, value)) }
        }
        return Record(pairs)
    }
}
