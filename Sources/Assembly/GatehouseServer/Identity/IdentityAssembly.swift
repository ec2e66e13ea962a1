internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseIdentity
internal import GatehouseIdentitySite
internal import GatehouseOutgoing
internal import GatehouseStore
internal import JOSE
internal import NIOPosix
internal import Passwords
internal import StrictJSON
internal import WebAuthn

/// Makes the provider from its settings.
struct IdentityAssembly {
    let settings: Identity
    let ground: HouseGround
    let clock: any HouseClock
    let events: any EventSink
    let outgoing: OutgoingClient

    init(_ settings: Identity, ground: HouseGround, clock: any HouseClock, events: any EventSink, outgoing: OutgoingClient) {
        self.settings = settings
        self.ground = ground
        self.clock = clock
        self.events = events
        self.outgoing = outgoing
    }

    /// The provider, its tables made and its clients registered.
    func site() async throws -> IdentitySite {
        let clients = try ConfiguredClients(clients: settings.clients).registered()
        try await ground.store.migrate([IdentityTables.migrations])
        let sealer = KeptSealer(ground.keeper)
        let now = clock.wall / 1_000_000_000
        try await ground.store.write { try ClientStore.replaceConfigured(clients, at: now, in: $0) }
        let configuration = settings.identityConfiguration
        let secret = try await sealer.proofSecret(in: ground.store)
        let accounts = try accounts(configuration, sealer)
        var sessions = SessionStore(store: ground.store, sealer: sealer)
        sessions.idle = settings.sessions.idle.components.seconds
        sessions.lifetime = settings.sessions.lifetime.components.seconds
        return IdentitySite(
            server: AuthorizationServer(
                configuration, store: ground.store, sealer: sealer, users: accounts.users, proofSecret: secret, clock: clock, events: events),
            accounts: accounts, sessions: sessions, apiKeys: APIKeyStore(store: ground.store, sealer: sealer),
            settings: try settings.siteSettings(), party: settings.relyingParty, mail: mail(),
            notices: NoticePoster(client: outgoing, events: events, clock: clock), secret: secret, clock: clock, events: events)
    }

    /// Signing in: one worker for each core but one, which strangers cannot take from known browsers.
    func accounts(_ configuration: IdentityConfiguration, _ sealer: KeptSealer) throws -> AccountService {
        AccountService(
            store: ground.store, sealer: sealer, hasher: try settings.hasher(), rules: try settings.passwordRules(), policy: settings.signInPolicy,
            mfa: settings.mfaPolicy, configuration: configuration, cores: ProcessInfo.processInfo.activeProcessorCount, clock: clock,
            events: events)
    }

    private func mail() -> any MailSender {
        guard let mail = settings.mail else { return NoMail() }
        if let smtp = mail.smtp { return SMTPMailSender(settings: smtp, from: mail.from, group: MultiThreadedEventLoopGroup.singleton) }
        if let program = mail.sendmail { return SendmailSender(program: program.path, from: mail.from) }
        return FolderMailSender(folder: mail.folder?.path ?? "mail", from: mail.from)
    }
}

extension Identity {
    /// The settings of the authorization server.
    var identityConfiguration: IdentityConfiguration {
        var configuration = IdentityConfiguration(issuer: issuer.text)
        configuration.resources = resources.map {
            ProtectedResource(identifier: $0.identifier, scopes: Set($0.scopes), format: $0.format == .jwt ? .jwt : .opaque)
        }
        configuration.scopes = Set(scopes)
        configuration.codeLifetime = tokens.code.components.seconds
        configuration.accessTokenLifetime = tokens.access.components.seconds
        configuration.idTokenLifetime = tokens.id.components.seconds
        configuration.refreshTokenLifetime = tokens.refresh.components.seconds
        configuration.grantLifetime = tokens.grant.components.seconds
        configuration.deviceCodeLifetime = tokens.deviceCode.components.seconds
        configuration.signingKeyLifetime = tokens.signingKey.components.seconds
        configuration.signingKeyLead = tokens.signingKeyLead.components.seconds
        configuration.requiresProofNonce = tokens.requiresProofNonce
        return configuration
    }

    /// Who must have a second factor.
    var mfaPolicy: MFAPolicy {
        var policy = MFAPolicy()
        policy.requirement =
            switch mfa.require {
            case .optional: .optional
            case .everyone: .everyone
            case .groups: .groups(Set(mfa.groups))
            }
        policy.grace = mfa.grace.components.seconds
        policy.factors = Set(mfa.factors.compactMap { MFAPolicy.Factor(rawValue: $0.rawValue) })
        policy.deviceMemory = mfa.rememberBrowser?.components.seconds ?? 0
        return policy
    }

    /// Budgets of guessing.
    var signInPolicy: SignInPolicy {
        var policy = SignInPolicy()
        let budget = { (rate: Rate) in
            GuessBudget(capacity: Int64(rate.count), refill: max(1, rate.period.components.seconds / Int64(rate.count)))
        }
        policy.fromNetwork = budget(throttle.network)
        policy.fromStrangers = budget(throttle.account)
        policy.acrossAccounts = budget(throttle.acrossAccounts)
        policy.fromDevice = budget(throttle.knownBrowser)
        policy.oneTimeCodes = budget(throttle.codes)
        return policy
    }

    /// How passwords are hashed.
    func hasher() throws -> PasswordHasher {
        var random = SystemRandomNumberGenerator()
        let parameters = Argon2Parameters(memoryKiB: UInt32(passwords.memory.bytes >> 10), iterations: UInt32(passwords.iterations))
        guard let hasher = PasswordHasher(parameters, using: &random) else { throw IdentityFailure(reason: "passwords cannot be hashed so") }
        return hasher
    }

    /// Which passwords may be chosen.
    func passwordRules() throws -> PasswordRules {
        var rules = PasswordRules(blocklists: [WordBlocklist([name])])
        rules.minimumAlone = passwords.minimum
        rules.minimumWithMFA = passwords.minimumWithMFA
        if let file = passwords.breached { rules.blocklists.append(try BreachedPasswords.list(file.path)) }
        return rules
    }

    /// The relying party of passkeys; nil where the issuer's host is an address of numbers, which passkeys cannot be bound to.
    var relyingParty: RelyingParty? {
        try? RelyingParty(id: issuer.host, name: name, origins: [(issuer.isSecure ? "https://" : "http://") + issuer.authority])
    }

    /// The look and words of the pages.
    func siteSettings() throws -> SiteSettings {
        var site = SiteSettings()
        site.name = name
        site.offersPasswordReset = mail != nil
        site.personalTokenScopes = personalTokenScopes.isEmpty ? Set(resources.flatMap(\.scopes)).sorted() : personalTokenScopes
        site.theme.accent = theme.accent.description
        site.theme.accentOnDark = theme.accentOnDark.description
        site.theme.radius = theme.radius
        site.theme.mode = Theme.Mode(rawValue: theme.mode.rawValue) ?? .auto
        site.theme.logo = try theme.logo.map { try Self.logo($0.path) }
        if let strings { site.catalogue = try Self.catalogue(strings.path) }
        return site
    }

    private static func logo(_ path: String) throws -> Theme.Logo {
        let types = ["png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "svg": "image/svg+xml"]
        guard let type = types[(path.split(separator: ".").last ?? "").lowercased()], let data = FileManager.default.contents(atPath: path),
            data.count <= 1 << 20
        else { throw IdentityFailure(reason: "the logo `\(path)` is no png, jpg, webp or svg of at most 1 MiB") }
        return Theme.Logo(bytes: [UInt8](data), mediaType: type)
    }

    /// Reads the words of a file.
    ///
    /// Refuses: phrases that there are none of, and texts that lack a value.
    private static func catalogue(_ path: String) throws -> Catalogue {
        guard let data = FileManager.default.contents(atPath: path), let object = (try? JSONValue(parsing: [UInt8](data)))?.object else {
            throw IdentityFailure(reason: "the words in `\(path)` are no json object")
        }
        var words: [Phrase: String] = [:]
        for member in object where member.key != "language" {
            guard let phrase = Phrase(rawValue: member.key) else { throw IdentityFailure(reason: "`\(path)` has the unknown phrase `\(member.key)`") }
            guard let text = member.value.string else { throw IdentityFailure(reason: "the phrase `\(member.key)` in `\(path)` is no text") }
            words[phrase] = text
        }
        return Catalogue(language: object["language"]?.string ?? "en", replacing: words)
    }
}
