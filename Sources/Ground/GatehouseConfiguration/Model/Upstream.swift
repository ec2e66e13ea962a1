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
