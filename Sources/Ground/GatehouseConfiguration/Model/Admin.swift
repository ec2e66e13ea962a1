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
