internal import GatehouseConfiguration
public import GatehouseCore
public import GatehouseIdentity
public import WebAuthn

/// The OpenID provider as a web site: the endpoints for clients, and pages for people that work without JavaScript.
///
/// Every form carries a token bound to browser and session, and is refused when another site sent it. Passkeys alone need a script, which is a
/// file of its own under a policy that allows no other.
public struct IdentitySite: Sendable {
    /// The authorization server behind it.
    public let server: AuthorizationServer
    /// Its users.
    public let accounts: AccountService
    /// Its browser sessions.
    public let sessions: SessionStore
    /// Personal tokens and API keys.
    public let apiKeys: APIKeyStore
    let settings: SiteSettings
    let party: RelyingParty?
    let mail: any MailSender
    let notices: any NoticeSender
    let outside: [String: OutsideProvider]
    let providerNames: [String]
    let keys: SiteKeys
    let clock: any HouseClock
    let events: any EventSink
    let prefix: String
    let origin: String
    let budgets = GuessLedger()

    /// A site.
    ///
    /// - Parameters:
    ///   - party: the relying party of passkeys; nil where the issuer's host cannot have any, such as an address of numbers.
    ///   - outside: other providers that users may come from, in the order of the page.
    ///   - secret: at least 32 random bytes that all nodes share.
    public init(
        server: AuthorizationServer, accounts: AccountService, sessions: SessionStore, apiKeys: APIKeyStore, settings: SiteSettings,
        party: RelyingParty?, mail: any MailSender, notices: any NoticeSender, outside: [OutsideProvider] = [], secret: [UInt8],
        clock: any HouseClock, events: any EventSink
    ) {
        self.server = server
        self.accounts = accounts
        self.sessions = sessions
        self.apiKeys = apiKeys
        self.settings = settings
        self.party = party
        self.mail = mail
        self.notices = notices
        self.outside = Dictionary(outside.map { ($0.settings.name, $0) }) { first, _ in first }
        providerNames = outside.map(\.settings.name)
        keys = SiteKeys(secret: secret)
        self.clock = clock
        self.events = events
        (origin, prefix) = Self.parts(of: server.configuration.issuer)
    }

    /// The answer to a request.
    public func answer(_ request: SiteRequest) async -> IdentityResponse {
        guard request.path.hasPrefix(prefix) else { return notFound() }
        let path = String(request.path.dropFirst(prefix.count))
        do {
            if let answer = try await endpoint(path, request) { return answer }
            guard let visit = try await Visit(request, path: path, site: self) else {
                return ErrorPage.answer(.unreadableRequest, status: 400, in: self)
            }
            return visit.finished(try await page(visit))
        } catch let error as OAuthError {
            return ErrorPage.answer(.somethingWrong, status: error.status, detail: error.reason, in: self)
        } catch {
            emit("page_failed", .medium, "a page failed", [("path", path), ("cause", "\(error)")])
            return ErrorPage.answer(.somethingWrong, status: 500, in: self)
        }
    }

    var now: Int64 { clock.wall / 1_000_000_000 }

    var isSecure: Bool { origin.hasPrefix("https://") }

    func emit(_ name: String, _ severity: Severity, _ message: String, _ facts: [(name: String, value: String)] = []) {
        events.emit(
            .system(SystemRecord(time: clock.wall, component: "identity", name: name, severity: severity, message: message, facts: facts)))
    }

    /// A word of the catalogue.
    func text(_ phrase: Phrase, _ values: String...) -> String { settings.catalogue.text(phrase, values) }

    func notFound() -> IdentityResponse { ErrorPage.answer(.pageNotFound, status: 404, in: self) }

    /// Origin and path of an issuer.
    static func parts(of issuer: String) -> (origin: String, prefix: String) {
        let scheme = issuer.hasPrefix("https://") ? 8 : 7
        let host = issuer.dropFirst(scheme).prefix { $0 != "/" }
        let path = issuer.dropFirst(scheme + host.count)
        return (issuer.prefix(scheme) + host.lowercased(), path == "/" ? "" : String(path))
    }
}

/// Tells clients that a session has ended (OpenID Connect Back-Channel Logout section 2.5).
public protocol NoticeSender: Sendable {
    /// Posts notices; returns at once, and what fails becomes an event.
    func send(_ notices: [BackChannelNotice])
}
