/// The settings of every guard for one place: the top, a service or a route.
///
/// Merged downwards: a service's file entry overrides single keys of the top's, a route's those of its service.
public struct Guards: Sendable, Equatable {
    /// Hygiene of request targets and fields.
    public var `protocol` = ProtocolGuardSettings()
    /// Allow and deny lists of client addresses.
    public var addresses = AddressGuardSettings()
    /// Rate and concurrency limits.
    public var rateLimits = RateLimitGuardSettings()
    /// Response headers and cookies.
    public var headers = HeadersGuardSettings()
    /// Cross-origin requests.
    public var cors = CORSGuardSettings()
    /// Isolation by `Sec-Fetch-*`.
    public var fetchMetadata = FetchMetadataGuardSettings()
    /// Error bodies.
    public var errors = ErrorsGuardSettings()

    /// Every guard that needs no knowledge of the service, on, at a safe level.
    public init() {}
}
