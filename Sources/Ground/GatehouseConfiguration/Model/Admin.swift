public import GatehouseCore

/// The operator's own port: `/healthz`, `/readyz`, `/metrics`.
public struct Admin: Sendable, Equatable {
    /// Where it listens; nil: nowhere. Default `127.0.0.1:9901`. Beyond loopback is an unsafe choice.
    public var listen: Endpoint? = Endpoint(host: "127.0.0.1", port: 9901)

    /// On loopback.
    public init() {}
}

extension Admin: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "admin" }
    /// What it is for.
    public static var about: String { "The operator's own port: `/healthz`, `/readyz` and `/metrics`." }

    /// Its keys.
    public static var keys: [ConfigurationKey<Admin>] {
        [
            ConfigurationKey(
                "listen", \.listen, "Where it listens; `off` for nowhere.",
                risk: Risk("an address beyond loopback", because: "metrics and health are open to the network without a password") {
                    $0?.isLoopback == false
                })
        ]
    }
}

/// The SQL store.
public struct Store: Sendable, Equatable {
    /// A connection string of PostgreSQL (`postgres://…`), by reference; nil: embedded SQLite in the data folder.
    public var postgres: Secret?
    /// A Redis or Valkey URL for counters and sessions that several nodes share, by reference; nil: in memory.
    public var redis: Secret?

    /// Embedded.
    public init() {}
}

extension Store: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "store" }
    /// What it is for.
    public static var about: String { "Where state is kept. By default embedded SQLite in the `data` folder and counters in memory." }

    /// Its keys.
    public static var keys: [ConfigurationKey<Store>] {
        [
            ConfigurationKey(
                "postgres", \.postgres, "The connection string of a PostgreSQL database, by reference.",
                defaultText: "none: embedded SQLite"),
            ConfigurationKey(
                "redis", \.redis, "The URL of a Redis or Valkey server for counters and sessions that nodes share, by reference.",
                defaultText: "none: in memory"),
        ]
    }
}
