/// Time limits of the whole program.
public struct Timeouts: Sendable, Equatable {
    /// From the first byte of a request head to its last, the TLS handshake counted likewise; default 10 s.
    public var requestHead = Duration.seconds(10)
    /// Without a request on an open client connection; default 60 s.
    public var idleKeepAlive = Duration.seconds(60)
    /// For running requests to end when the program stops; default 30 s.
    public var drain = Duration.seconds(30)
    /// The times of one request, as set at the top.
    public var request = RouteTimeouts()

    /// The defaults.
    public init() {}
}

extension Timeouts: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "timeouts" }
    /// What it is for.
    public static var about: String {
        "Time limits of the whole program, and those of each request unless a service or route says otherwise."
    }

    /// Its keys, those of a request among them.
    public static var keys: [ConfigurationKey<Timeouts>] {
        [
            ConfigurationKey(
                "request_head", \.requestHead, in: .milliseconds(100)...(.seconds(600)),
                "From the first byte of a request head to its last; the TLS handshake likewise.",
                risk: Risk("more than 1m", because: "slow senders hold connections for long") { $0 > .seconds(60) }),
            ConfigurationKey(
                "idle_keep_alive", \.idleKeepAlive, in: .milliseconds(100)...(.seconds(3600)),
                "Without a request on an open client connection."),
            ConfigurationKey("drain", \.drain, in: .zero...(.seconds(3600)), "For running requests to end when the program stops."),
        ] + RouteTimeouts.keys.map { $0.lifted(into: \.request) }
    }
}

/// Time limits of one request, which services and routes may set.
public struct RouteTimeouts: Sendable, Equatable {
    /// Without a byte of a request body that is not complete; default 30 s.
    public var requestBodyIdle = Duration.seconds(30)
    /// For a connection to an upstream, its TLS handshake included; default 5 s.
    public var connect = Duration.seconds(5)
    /// From the end of the request to the response head; default 60 s.
    public var responseHead = Duration.seconds(60)
    /// Without a byte of a response body from the upstream; default 60 s.
    public var responseBodyIdle = Duration.seconds(60)
    /// Without progress when a peer does not read what is sent to it; default 30 s.
    public var writeIdle = Duration.seconds(30)
    /// Without a byte either way on an upgraded connection; default 1 h.
    public var upgradeIdle = Duration.seconds(3600)

    /// The defaults.
    public init() {}
}

extension RouteTimeouts: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "request timeouts" }
    /// What it is for.
    public static var about: String { "Time limits of one request." }

    /// Its keys.
    public static var keys: [ConfigurationKey<RouteTimeouts>] {
        [
            ConfigurationKey(
                "request_body_idle", \.requestBodyIdle, in: .milliseconds(100)...(.seconds(3600)),
                "Without a byte of a request body that is not complete."),
            ConfigurationKey(
                "connect", \.connect, in: .milliseconds(10)...(.seconds(300)),
                "For a connection to an upstream, its TLS handshake included."),
            ConfigurationKey(
                "response_head", \.responseHead, in: .milliseconds(10)...(.seconds(86_400)),
                "From the end of the request to the response head."),
            ConfigurationKey(
                "response_body_idle", \.responseBodyIdle, in: .milliseconds(100)...(.seconds(86_400)),
                "Without a byte of a response body from the upstream."),
            ConfigurationKey(
                "write_idle", \.writeIdle, in: .milliseconds(100)...(.seconds(3600)),
                "Without progress when a peer does not read what is sent to it."),
            ConfigurationKey(
                "upgrade_idle", \.upgradeIdle, in: .milliseconds(100)...(.seconds(604_800)),
                "Without a byte either way on an upgraded connection."),
        ]
    }
}
