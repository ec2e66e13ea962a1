public import GatehouseCore

/// One backend server.
public struct Upstream: Sendable, Equatable {
    /// Scheme, host and port.
    public var url = UpstreamURL(scheme: .http, endpoint: Endpoint(host: "127.0.0.1", port: 3000))
    /// Its share among the service's upstreams; 0 takes it out. Default 1.
    public var weight = 1

    /// `http://127.0.0.1:3000`.
    public init() {}
}

/// Where an upstream listens and what it speaks: `http://HOST:PORT`, `https://`, `h2c://` or `h2://`.
public struct UpstreamURL: Sendable, Hashable {
    /// The protocol on the wire.
    public enum Scheme: String, Sendable, CaseIterable {
        /// HTTP/1.1 in clear text; port 80.
        case http
        /// TLS, HTTP/2 where the server offers it by ALPN, HTTP/1.1 otherwise; port 443.
        case https
        /// HTTP/2 in clear text by prior knowledge; port 80.
        case h2c
        /// HTTP/2 over TLS and nothing else; port 443.
        case h2

        /// Whether TLS is spoken.
        public var isEncrypted: Bool { self == .https || self == .h2 }
        /// The port where the URL names none.
        public var defaultPort: Int { isEncrypted ? 443 : 80 }
    }

    /// The protocol.
    public let scheme: Scheme
    /// Host and port.
    public let endpoint: Endpoint

    /// A URL of its parts.
    public init(scheme: Scheme, endpoint: Endpoint) {
        self.scheme = scheme
        self.endpoint = endpoint
    }
}

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

/// TLS towards the upstreams.
public struct UpstreamTLS: Sendable, Equatable {
    /// Checks the certificate and its name. False is an unsafe choice.
    public var verify = true
    /// The CA certificates (PEM) to trust in place of the system's.
    public var ca: FilePath?
    /// The name to check and to send by SNI, in place of the URL's host.
    public var serverName: String?
    /// The client certificate (PEM chain) to show.
    public var clientCertificate: FilePath?
    /// Its private key (PEM).
    public var clientKey: FilePath?

    /// Verification against the system's CAs.
    public init() {}
}

/// Active and passive health checks of upstreams.
public struct Health: Sendable, Equatable {
    /// The path that active checks ask with GET; nil: no active checks.
    public var path: String?
    /// Time between two checks; default 10 s.
    public var interval = Duration.seconds(10)
    /// How long one check may take; default 2 s.
    public var timeout = Duration.seconds(2)
    /// Good checks in a row that bring an upstream back; default 2.
    public var healthyAfter = 2
    /// Failed checks in a row that take an upstream out; default 3.
    public var unhealthyAfter = 3
    /// What running requests tell.
    public var passive = PassiveHealth()

    /// Passive checks only.
    public init() {}
}

/// Taking an upstream out because requests fail on it.
public struct PassiveHealth: Sendable, Equatable {
    /// Failures (no connection, reset, timeout, 502 to 504) within the window that eject; 0 switches it off. Default 5.
    public var failures = 5
    /// The window; default 10 s.
    public var window = Duration.seconds(10)
    /// How long it stays out the first time, doubled up to ten times that; default 10 s. The last one left is never ejected.
    public var ejection = Duration.seconds(10)

    /// Five failures in ten seconds eject for ten.
    public init() {}
}

/// Trying a request again on another upstream.
public struct Retries: Sendable, Equatable {
    /// What is worth another attempt.
    public enum Condition: String, Sendable, CaseIterable {
        /// No connection could be made: nothing was sent, so any method may be tried again.
        case connectFailure = "connect_failure"
        /// The connection broke before a response head, on an idempotent method.
        case reset
        /// A 502, 503 or 504 on an idempotent method.
        case unavailable
    }

    /// Attempts in all, the first included; 1 means none are repeated. Default 2.
    public var attempts = 2
    /// Retries as a share of requests, in percent, over ten seconds; default 20.
    public var budget = 20
    /// What is worth another attempt; default a failed connect and a reset.
    public var on: [Condition] = [.connectFailure, .reset]

    /// One repeat, within a fifth of the requests.
    public init() {}
}

/// Bounds of a service towards each upstream: what is over them is refused with 503 at once.
public struct CircuitBreaker: Sendable, Equatable {
    /// Connections to one upstream; default 1024.
    public var maxConnections = 1024
    /// Requests that wait for a connection; default 1024.
    public var maxPending = 1024
    /// Requests that run on one upstream; default 4096.
    public var maxRequests = 4096

    /// The defaults.
    public init() {}
}

extension Upstream: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "upstream" }
    /// What it is for.
    public static var about: String { "One backend server." }
    /// The URL alone.
    public static var shortForm: ValueForm? { UpstreamURL.form }

    /// Its keys.
    public static var keys: [ConfigurationKey<Upstream>] {
        [
            ConfigurationKey(
                "url", \.url, "Scheme, host and port. `http` and `https` speak HTTP/1.1 or what the server offers by ALPN, `h2c` and `h2` speak HTTP/2 alone.",
                isRequired: true, risk: UpstreamURL.clearTextRisk),
            ConfigurationKey("weight", \.weight, in: 0...1000, "Its share among the service's upstreams; 0 takes it out."),
        ]
    }

    init(url: UpstreamURL) { self.url = url }

    /// Takes the URL alone.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let url = UpstreamURL.read(node, over: nil, with: &reader) else { return false }
        self.url = url
        if let why = UpstreamURL.clearTextRisk.reason(url) { reader.unsafe("\(url)", because: why, at: node) }
        return true
    }
}

extension UpstreamURL: ConfigurationScalar, CustomStringConvertible {
    /// A URL of a scheme, a host and perhaps a port.
    public static var scalarForm: ScalarForm {
        ScalarForm("upstream URL", plural: "upstream URLs", example: "http://127.0.0.1:3000", pattern: "^(http|https|h2c|h2)://[^/?#@]+/?$")
    }

    /// Reads a URL.
    ///
    /// Refuses: other schemes, user names, paths, queries and fragments.
    public static func configured(_ text: String) -> UpstreamURL? {
        guard let mark = text.firstRange(of: "://"), let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased()) else { return nil }
        let rest = text[mark.upperBound...]
        let host = rest.hasSuffix("/") ? rest.dropLast() : rest
        guard !host.isEmpty, !host.hasPrefix(":") else { return nil }
        let hasPort = host.last.map { $0 != "]" } == true && host.contains(":")
        guard let endpoint = Endpoint(text: hasPort ? String(host) : "\(host):\(scheme.defaultPort)"), endpoint.port > 0 else { return nil }
        return UpstreamURL(scheme: scheme, endpoint: endpoint)
    }

    /// The URL.
    public var description: String { "\(scheme.rawValue)://\(endpoint)" }

    static let clearTextRisk = Risk<UpstreamURL>(
        "`http` or `h2c` to another machine", because: "requests and answers cross the network in clear text"
    ) { !$0.scheme.isEncrypted && !$0.endpoint.isLoopback }
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

extension UpstreamTLS: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "upstream tls" }
    /// What it is for.
    public static var about: String { "TLS towards the upstreams." }

    /// Its keys.
    public static var keys: [ConfigurationKey<UpstreamTLS>] {
        [
            ConfigurationKey(
                "verify", \.verify, "Checks the upstream's certificate and its name.",
                risk: .ifFalse("anyone on the way may answer for the upstream and read what it is sent")),
            ConfigurationKey("ca", \.ca.existing, "CA certificates (PEM) to trust in place of the system's."),
            ConfigurationKey("server_name", \.serverName, "The name to check and to send by SNI, in place of the URL's host."),
            ConfigurationKey("client_certificate", \.clientCertificate.existing, "The client certificate (PEM chain) to show."),
            ConfigurationKey("client_key", \.clientKey.existing, "Its private key (PEM)."),
        ]
    }

    /// Checks that certificate and key come together.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard (clientCertificate == nil) != (clientKey == nil) else { return }
        reader.error("`client_certificate` and `client_key` go together", at: node)
    }
}

extension Health: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "health" }
    /// What it is for.
    public static var about: String { "Active checks ask each upstream; passive ones watch running requests." }

    /// Its keys.
    public static var keys: [ConfigurationKey<Health>] {
        [
            ConfigurationKey("path", \.path, "The path that active checks ask with GET; 200 to 399 is good.", defaultText: "none: no active checks"),
            ConfigurationKey("interval", \.interval, in: .milliseconds(100)...(.seconds(3600)), "Time between two checks."),
            ConfigurationKey("timeout", \.timeout, in: .milliseconds(10)...(.seconds(300)), "How long one check may take."),
            ConfigurationKey("healthy_after", \.healthyAfter, in: 1...100, "Good checks in a row that bring an upstream back."),
            ConfigurationKey("unhealthy_after", \.unhealthyAfter, in: 1...100, "Failed checks in a row that take an upstream out."),
            ConfigurationKey("passive", \.passive, "What running requests tell.", defaultText: ""),
        ]
    }

    /// Checks the path.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if let path, !path.hasPrefix("/") || path.utf8.contains(where: { $0 <= 32 || $0 == 127 }) {
            reader.error("`\(path.clipped)` is not a path", at: node["path"] ?? node, help: ["such as `/healthz`"])
        }
    }
}

extension PassiveHealth: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "passive health" }
    /// What it is for.
    public static var about: String { "Takes an upstream out because requests fail on it; the last one left is never taken out." }

    /// Its keys.
    public static var keys: [ConfigurationKey<PassiveHealth>] {
        [
            ConfigurationKey("failures", \.failures, in: 0...10_000, "Failures within the window (no connection, reset, timeout, 502 to 504) that take it out; 0 switches it off."),
            ConfigurationKey("window", \.window, in: .milliseconds(100)...(.seconds(3600)), "The window."),
            ConfigurationKey("ejection", \.ejection, in: .milliseconds(100)...(.seconds(3600)), "How long it stays out the first time; doubled each time, up to ten times as long."),
        ]
    }
}

extension Retries.Condition: ConfigurationChoice {}

extension Retries: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "retries" }
    /// What it is for.
    public static var about: String { "Trying a request again on another upstream. Only what was not sent, or is idempotent and still held whole, is sent again." }

    /// Its keys.
    public static var keys: [ConfigurationKey<Retries>] {
        [
            ConfigurationKey("attempts", \.attempts, in: 1...10, "Attempts in all, the first included; 1 repeats nothing."),
            ConfigurationKey("budget", \.budget, in: 0...100, "Retries as a share of the requests of the last ten seconds, in percent."),
            ConfigurationKey("on", \.on, "What is worth another attempt."),
        ]
    }
}

extension CircuitBreaker: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "circuit breaker" }
    /// What it is for.
    public static var about: String { "Bounds on each upstream: what is over them is refused with 503 at once." }

    /// Its keys.
    public static var keys: [ConfigurationKey<CircuitBreaker>] {
        [
            ConfigurationKey("max_connections", \.maxConnections, in: 1...1_000_000, "Connections to one upstream."),
            ConfigurationKey("max_pending", \.maxPending, in: 0...1_000_000, "Requests that wait for a connection."),
            ConfigurationKey("max_requests", \.maxRequests, in: 1...1_000_000, "Requests that run on one upstream."),
        ]
    }
}
