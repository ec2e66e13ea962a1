import GatehouseIdentity
import JOSE
import Markup

/// One request of a browser to a page: who is there, what was sent, and which cookies go back.
final class Visit {
    let site: IdentitySite
    let request: SiteRequest
    /// The path below the issuer's.
    let path: String
    /// Parameters of the query.
    let query: FormParameters
    /// Parameters of the body.
    let form: FormParameters
    /// Who is signed in.
    var session: LoginSession?
    /// The user who is signed in.
    var user: User?
    private let cookies: [String: String]
    private let browser: String
    private var sessionSecret: String?
    private var setCookies: [IdentityResponse.Field] = []

    /// Reads a request; nil where its parameters cannot be read.
    init?(_ request: SiteRequest, path: String, site: IdentitySite) async throws {
        guard let query = try? FormParameters(parsing: request.query),
            let form = try? FormParameters(parsing: request.method == "POST" ? request.body : [])
        else { return nil }
        (self.site, self.request, self.path, self.query, self.form) = (site, request, path, query, form)
        cookies = request.cookies
        let known = cookies[SiteCookie.browser.name(isSecure: site.isSecure)].flatMap { Self.isIdentifier($0) ? $0 : nil }
        browser = known ?? Self.newIdentifier()
        sessionSecret = cookies[SiteCookie.session.name(isSecure: site.isSecure)]
        if let sessionSecret { session = try await site.sessions.session(sessionSecret, at: site.now) }
        if let session { user = try await site.accounts.users.user(session.userID) }
        if known == nil { set(.browser, browser, seconds: nil) }
    }

    subscript(cookie: SiteCookie) -> String? { cookies[cookie.name(isSecure: site.isSecure)] }

    var isPost: Bool { request.method == "POST" }

    /// A word of the catalogue.
    func text(_ phrase: Phrase, _ values: String...) -> String { site.settings.catalogue.text(phrase, values) }

    func set(_ cookie: SiteCookie, _ value: String, seconds: Int64?) {
        setCookies.append(cookie.field(value, seconds: seconds, isSecure: site.isSecure))
    }

    func forget(_ cookie: SiteCookie) { if self[cookie] != nil { set(cookie, "", seconds: 0) } }

    /// Puts a new session in force for this browser.
    func begin(_ cookie: String, _ session: LoginSession) async throws {
        self.session = session
        sessionSecret = cookie
        user = try await site.accounts.users.user(session.userID)
        set(.session, cookie, seconds: nil)
    }

    /// Takes the session away from this browser.
    func endSession() {
        (session, sessionSecret, user) = (nil, nil, nil)
        set(.session, "", seconds: 0)
    }

    /// The answer with its cookies.
    func finished(_ answer: IdentityResponse) -> IdentityResponse {
        var answer = answer
        answer.fields += setCookies
        return answer
    }

    // MARK: Forms

    /// True where a form of ours was sent by a page of ours, in this browser and session.
    ///
    /// Refuses: another `Origin`, or a request that the browser says another site made.
    var isGenuine: Bool {
        if let origin = request["origin"], origin != site.origin { return false }
        if let from = request["sec-fetch-site"], from != "same-origin", from != "none" { return false }
        return form["form_token"].map { site.keys.accepts($0, browser: browser, session: sessionSecret) } ?? false
    }

    var formToken: String { site.keys.formToken(browser: browser, session: sessionSecret) }

    // MARK: Continuations

    /// Where this visit goes on after signing in: what the query or the form carries.
    var flow: Flow? { (form["flow"] ?? query["flow"]).flatMap(flow(sealed:)) }

    func flow(sealed text: String) -> Flow? {
        site.keys.open(text, browser: browser).flatMap(Flow.init(bytes:)).flatMap { $0.isAlive(at: site.now) ? $0 : nil }
    }

    /// Anything that this browser alone shall bring back.
    func seal(_ content: [UInt8]) -> String? { site.keys.seal(content, browser: browser) }

    /// What this browser was given to bring back.
    func open(_ sealed: String) -> [UInt8]? { site.keys.open(sealed, browser: browser) }

    /// A flow as the browser carries it.
    func sealed(_ flow: Flow) -> String? { site.keys.seal(flow.bytes, browser: browser) }

    /// Sends the browser to a page of ours.
    func redirect(_ address: WebAddress) -> IdentityResponse {
        IdentityResponse(status: 303, fields: [.init("Location", address.text), .init("Cache-Control", "no-store")])
    }

    func address(_ path: StaticString) -> WebAddress { .path(site.prefix, path) }

    private static func newIdentifier() -> String {
        var random = SystemRandomNumberGenerator()
        return Base64URL.string((0..<24).map { _ in UInt8.random(in: 0...255, using: &random) })
    }

    private static func isIdentifier(_ text: String) -> Bool { text.utf8.count == 32 && Base64URL.decode(text) != nil }
}
