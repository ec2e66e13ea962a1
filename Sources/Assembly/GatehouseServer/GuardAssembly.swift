internal import GatehouseAuthentication
internal import GatehouseAuthorization
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseFirewall
internal import GatehouseGuards
internal import GatehouseIdentitySite
internal import GatehouseProxy
internal import GatehouseValidation

/// Makes the guards and builtin services of a configuration.
///
/// What must outlast a reload, such as the counters of rate limits, is kept here.
struct GuardAssembly: HouseFittings {
    /// Store, keys and audit log; nil where nothing needs them.
    let ground: HouseGround?
    /// Where what the house does by itself is told.
    let events: any EventSink
    private let counters: any CounterStore = LocalCounterStore()
    /// The OpenAPI documents in use.
    let documents = OpenAPILibrary()
    private let firewalls = FirewallFittings()
    let authorization: AuthorizationRuntime
    private let identity: IdentityHost
    let problems: any ProblemWriter = RouteProblems()
    private let authentication: AuthenticationGround
    /// The documents of the configuration in work.
    private var wellKnown: WellKnownGuard?
    /// The configuration in work.
    private var configuration: Configuration?

    init(ground: HouseGround?, events: any EventSink, authentication: AuthenticationGround) {
        self.ground = ground
        self.events = events
        self.authentication = authentication
        authorization = AuthorizationFittings.runtime(events: events)
        identity = IdentityHost(ground: ground, events: events)
    }

    /// The same for the places of a configuration.
    func fitted(to configuration: Configuration) -> GuardAssembly {
        var fitted = self
        fitted.configuration = configuration
        fitted.wellKnown = WellKnownGuard(configuration, signer: authentication.signer)
        return fitted
    }

    /// Makes what a configuration needs before its guards and services can be made.
    func prepare(_ configuration: Configuration) async throws {
        try await identity.prepare(configuration)
        guard let site = identity.service?.site else { return }
        authentication.house = ProviderTokens(server: site.server, keys: site.apiKeys, clock: SystemClock())
    }

    /// Ends what goes on in the background.
    func stop() { identity.stop() }

    func builtin(_ kind: Builtin, of service: Service) throws -> any BuiltinService {
        if kind == .identity, let provider = identity.service { return provider }
        if kind == .forwardAuth { return ForwardAuthService() }
        if kind == .decisions { return try decisions(service) }
        throw UnavailableBuiltin(kind: kind)
    }

    func guards(_ place: GuardPlace) throws -> [Route.Placement] {
        let settings = place.settings
        return [
            place.service?.builtin == .forwardAuth ? Route.Placement(ForwardAuthRequestGuard(), mode: .enforce) : nil,
            Route.Placement(ProtocolGuard(settings.protocol, stage: .head), mode: settings.protocol.mode),
            Route.Placement(AddressGuard(settings.addresses), mode: settings.addresses.mode),
            rateLimits(settings.rateLimits, .beforeAuthentication),
            wellKnown.flatMap { $0.isEmpty ? nil : Route.Placement($0, mode: .enforce) },
            Route.Placement(FetchMetadataGuard(settings.fetchMetadata, cors: settings.cors), mode: settings.fetchMetadata.mode),
            Route.Placement(CORSGuard(settings.cors), mode: settings.cors.mode),
            identityFields(settings.authentication),
            try authentication(place),
            rateLimits(settings.rateLimits, .afterAuthentication),
            try authorization(place),
            try openAPI(place),
            Route.Placement(ProtocolGuard(settings.protocol, stage: .strayBody), mode: settings.protocol.mode),
            Route.Placement(BodyGuard(settings.bodies), mode: settings.bodies.mode),
            try firewalls.placement(settings.waf),
            Route.Placement(ErrorGuard(settings.errors), mode: settings.errors.mode),
            Route.Placement(HeadersGuard(settings.headers), mode: settings.headers.mode),
        ].compactMap { $0 }
    }

    private func identityFields(_ settings: AuthenticationGuardSettings) -> Route.Placement? {
        let fields = IdentityFieldsGuard(settings)
        return fields.isEmpty ? nil : Route.Placement(fields, mode: .enforce)
    }

    private func authentication(_ place: GuardPlace) throws -> Route.Placement? {
        let settings = place.settings.authentication
        guard settings.require != .off, settings.mode != .off else { return nil }
        let callers = try AuthenticationGuard(settings, service: place.serviceName, ground: authentication)
        return Route.Placement(callers, mode: settings.mode)
    }

    private func authorization(_ place: GuardPlace) throws -> Route.Placement? {
        let mode = place.settings.authorization.mode
        guard mode != .off, let service = place.service, service.builtin != .decisions, let subject = try subject(service) else {
            return nil
        }
        return Route.Placement(try authorization.guarding(subject, mode: mode), mode: mode)
    }

    /// The decision point over the policies of the service that it names, or over its own.
    private func decisions(_ service: Service) throws -> DecisionsService {
        let name = service.decisions.service
        let decided = name.isEmpty ? service : configuration?.services.first { $0.name == name }
        guard let decided, let subject = try subject(decided) else {
            throw AuthorizationFault(
                "service `\(service.name)`: `builtin: decisions` needs an `authorization`, or `decisions.service` names one that has it")
        }
        return try authorization.deciding(subject, service.decisions) { authentication.signer.sign($0, type: "authzen-configuration+jwt") }
    }

    private func subject(_ service: Service) throws -> AuthorizationRuntime.Subject? {
        guard let settings = service.authorization else { return nil }
        var subject = AuthorizationRuntime.Subject(service: service.name, settings: settings)
        let document = try documents.document(service.guards.openAPI, service: service.name)
        (subject.document, subject.documentOwner) = (document?.validator, document)
        subject.strippedPrefix = service.stripPrefix?.text ?? ""
        return subject
    }

    /// The guard knows its modes itself, since each direction has one of its own.
    private func openAPI(_ place: GuardPlace) throws -> Route.Placement? {
        let settings = place.settings.openAPI
        guard settings.requests != .off || settings.responses != .off, let service = place.service,
            let document = try documents.document(settings, service: service.name)
        else { return nil }
        let prefix = service.stripPrefix?.text ?? ""
        return Route.Placement(OpenAPIGuard(document, settings, strippedPrefix: prefix), mode: .enforce)
    }

    private func rateLimits(_ settings: RateLimitGuardSettings, _ stage: RateLimitGuard.Stage) -> Route.Placement {
        let limits = RateLimitGuard(settings, store: counters, stage: stage)
        return Route.Placement(limits, mode: limits.isEmpty ? .off : settings.mode)
    }
}

/// A part of the house that cannot be made.
struct UnavailableBuiltin: Error, CustomStringConvertible {
    var kind: Builtin

    var description: String { "`builtin: \(kind.rawValue)` is not available in this program" }
}
