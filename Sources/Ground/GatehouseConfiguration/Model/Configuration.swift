public import GatehouseCore

/// Everything one `gatehouse.yaml` says, checked, with each default filled in and each guard merged downwards.
///
/// A value: two are equal when they mean the same, so that a reload of an unchanged file does nothing.
public struct Configuration: Sendable, Equatable {
    /// Where connections are accepted; never empty.
    public var listeners: [Listener] = [Listener()]
    /// The backends, in the order of the file; never empty in a loaded file.
    public var services: [Service] = []
    /// The guards as set at the top; each service and route holds its own merged copy, which is the one to obey.
    public var guards = Guards()
    /// Limits of the whole program; `services` hold their merged `RouteLimits`.
    public var limits = Limits()
    /// Time limits of each phase; `services` hold their merged `RouteTimeouts`.
    public var timeouts = Timeouts()
    /// Peers whose `Forwarded` and `X-Forwarded-*` fields are believed.
    public var trustedProxies: [CIDRBlock] = []
    /// The operator's own port.
    public var admin = Admin()
    /// Where events go and what is kept out of them.
    public var events = Events()
    /// The folder of everything the program keeps: development certificates, the embedded store.
    public var data = FilePath("data")
    /// The SQL store.
    public var store = Store()

    /// The defaults, without a service.
    public init() {}
}
