internal import GatehouseAuthentication
internal import GatehouseCore
internal import GatehouseGuards
internal import GatehouseIdentity

/// The house's own provider as the gateway asks it.
struct ProviderTokens: HouseTokens {
    let server: AuthorizationServer
    let keys: APIKeyStore
    let clock: any HouseClock

    var issuer: String { server.configuration.issuer }

    func token(_ text: String) async throws -> HouseToken? {
        guard let access = try await server.presented(text) else { return nil }
        let grant = access.grant
        var identity = CallerIdentity(issuer: issuer, subject: grant.userID ?? grant.clientID, credential: .bearer)
        identity.client = grant.clientID
        identity.scopes = access.scopes
        identity.groups = access.groups
        identity.roles = access.roles
        identity.authenticationContext = grant.authentication?.context ?? ""
        identity.authenticationMethods = grant.authentication?.methods ?? []
        identity.authenticatedAt = grant.authentication?.time
        identity.sessionID = grant.sessionID ?? ""
        identity.expiresAt = access.expires
        return HouseToken(
            identity: identity, audience: access.audience, keyThumbprint: access.confirmation, grant: grant.id, issuedAt: access.issued)
    }

    func keyHolder(_ text: String) async throws -> CallerIdentity? {
        guard let key = try await keys.find(text, at: clock.wall / 1_000_000_000) else { return nil }
        var identity = CallerIdentity(issuer: key.kind == .personal ? issuer : "gatehouse", subject: key.owner, credential: .apiKey)
        identity.scopes = key.scopes
        identity.expiresAt = key.expires
        return identity
    }
}
