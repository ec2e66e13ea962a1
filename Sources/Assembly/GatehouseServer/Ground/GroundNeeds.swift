internal import GatehouseConfiguration

extension Configuration {
    /// True where something in the configuration uses the store, the keys or the audit log.
    var needsGround: Bool { audit.mode != .off || requiresGround }

    /// True where the house must not start without them.
    var requiresGround: Bool { audit.mode == .required || store.postgres != nil || services.contains { $0.builtin == .identity } }
}
