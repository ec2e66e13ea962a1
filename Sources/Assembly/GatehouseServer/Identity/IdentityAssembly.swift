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
                configuration, store: ground.store, sealer: sealer, users: accounts.users, proofSecret: secret, clock: clock, events: events
            ),
            accounts: accounts, sessions: sessions, apiKeys: APIKeyStore(store: ground.store, sealer: sealer),
            settings: try settings.siteSettings(), party: settings.relyingParty, mail: mail(),
            notices: NoticePoster(client: outgoing, events: events, clock: clock),
            outside: settings.providers.map { OutsideProvider($0, transport: OutgoingOutsideTransport(outgoing), clock: clock) },
            secret: secret, clock: clock, events: events)
    }

    /// Signing in: one worker for each core but one, which strangers cannot take from known browsers.
    func accounts(_ configuration: IdentityConfiguration, _ sealer: KeptSealer) throws -> AccountService {
        AccountService(
            store: ground.store, sealer: sealer, hasher: try settings.hasher(), rules: try settings.passwordRules(),
            policy: settings.signInPolicy,
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
