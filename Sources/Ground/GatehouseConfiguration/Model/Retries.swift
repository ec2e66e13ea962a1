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

extension Retries: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "retries" }
    /// What it is for.
    public static var about: String {
        "Trying a request again on another upstream. Only what was not sent, or is idempotent and still held whole, is sent again."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<Retries>] {
        [
            ConfigurationKey("attempts", \.attempts, in: 1...10, "Attempts in all, the first included; 1 repeats nothing."),
            ConfigurationKey("budget", \.budget, in: 0...100, "Retries as a share of the requests of the last ten seconds, in percent."),
            ConfigurationKey("on", \.on, "What is worth another attempt."),
        ]
    }
}

extension Retries.Condition: ConfigurationChoice {}

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
