internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import GatehouseProxy

/// Makes the guards of each place in a configuration, in the order of a request's life.
///
/// What must outlast a reload, such as the counters of rate limits, is kept here.
struct GuardAssembly: Sendable {
    private let counters: any CounterStore = LocalCounterStore()

    /// The guards of one place.
    func guards(_ place: GuardPlace) -> [Route.Placement] {
        let settings = place.settings
        return [
            Route.Placement(ProtocolGuard(settings.protocol), mode: settings.protocol.mode),
            Route.Placement(AddressGuard(settings.addresses), mode: settings.addresses.mode),
            rateLimits(settings.rateLimits, .beforeAuthentication),
            Route.Placement(FetchMetadataGuard(settings.fetchMetadata, cors: settings.cors), mode: settings.fetchMetadata.mode),
            Route.Placement(CORSGuard(settings.cors), mode: settings.cors.mode),
            rateLimits(settings.rateLimits, .afterAuthentication),
            Route.Placement(ErrorGuard(settings.errors), mode: settings.errors.mode),
            Route.Placement(HeadersGuard(settings.headers), mode: settings.headers.mode),
        ]
    }

    private func rateLimits(_ settings: RateLimitGuardSettings, _ stage: RateLimitGuard.Stage) -> Route.Placement {
        let limits = RateLimitGuard(settings, store: counters, stage: stage)
        return Route.Placement(limits, mode: limits.isEmpty ? .off : settings.mode)
    }
}
