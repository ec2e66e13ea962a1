import GatehouseIdentity
import Markup
internal import StrictJSON

/// A page in the frame that all pages share, with the headers that go with it.
struct Page {
    let site: IdentitySite
    let title: String
    var status = 200
    /// Whoever is signed in, for the line at the top.
    var user: User?
    /// Sites that a form of this page may lead to by a redirect.
    var formTargets: [String] = []
    /// True where the page needs the script for passkeys.
    var hasScript = false
    var retryAfter: Duration?
    let content: HTML

    init(_ visit: Visit, _ title: Phrase, @HTMLBuilder content: () -> HTML) {
        self.init(visit.site, title, content: content)
        user = visit.user
    }

    init(_ site: IdentitySite, _ title: Phrase, @HTMLBuilder content: () -> HTML) {
        self.site = site
        self.title = site.settings.catalogue.text(title, [])
        self.content = content()
    }

    var answer: IdentityResponse {
        var fields: [IdentityResponse.Field] = [
            .init("Content-Type", "text/html; charset=utf-8"), .init("Cache-Control", "no-store"), .init("Referrer-Policy", "same-origin"),
            .init("Content-Security-Policy", policy), .init("X-Content-Type-Options", "nosniff"),
        ]
        if let retryAfter { fields.append(.init("Retry-After", String(max(1, retryAfter.components.seconds)))) }
        return IdentityResponse(status: status, fields: fields, body: document)
    }

    /// No script but the one file, no style but the one file, no frame, no form that leads elsewhere.
    private var policy: String {
        let targets = (["'self'"] + Set(formTargets).sorted()).joined(separator: " ")
        return "default-src 'none'; style-src 'self'; img-src 'self'; \(hasScript ? "script-src 'self'; " : "")form-action \(targets); "
            + "base-uri 'none'; frame-ancestors 'none'"
    }

    private var document: [UInt8] {
        let mode = site.settings.theme.mode
        return element("html", HTMLAttribute("lang", site.settings.catalogue.language), .class("theme-\(mode.rawValue)")) {
            element("head") {
                element("meta", HTMLAttribute("charset", "utf-8"))
                element("title") { "\(title) · \(site.settings.name)" }
                element("meta", .name("viewport"), HTMLAttribute("content", "width=device-width, initial-scale=1"))
                element("meta", .name("color-scheme"), HTMLAttribute("content", mode == .auto ? "light dark" : mode.rawValue))
                element("link", HTMLAttribute("rel", "stylesheet"), .href(.path(site.prefix, "/assets/style.css")))
                if hasScript { element("script", .src(.path(site.prefix, "/assets/passkey.js")), .flag("defer")) }
            }
            element("body") {
                element("a", .class("skip"), .href(.fragment("main"))) { site.text(.skipToContent) }
                header
                element("main", .id("main")) {
                    element("h1") { title }
                    content
                }
            }
        }.document
    }

    private var header: HTML {
        element("header") {
            element("a", .class("brand"), .href(.path(site.prefix, "/account"))) {
                if site.settings.theme.logo != nil {
                    element("img", .src(.path(site.prefix, "/assets/logo")), HTMLAttribute("alt", ""), HTMLAttribute("height", "32"))
                }
                element("span") { site.settings.name }
            }
            if let user { element("span", .class("who")) { user.claims["name"]?.string ?? user.name } }
        }
    }
}

/// Pieces that many pages have.
extension Visit {
    /// A form of ours that posts to a path of ours, with its token and what goes on afterwards.
    func form(
        _ path: StaticString, flow: Flow? = nil, hidden: [String: String] = [:], id: String? = nil, @HTMLBuilder content: () -> HTML
    ) -> HTML {
        var fields = hidden
        fields["form_token"] = formToken
        if let flow, let text = sealed(flow) { fields["flow"] = text }
        return element("form", attributes: [HTMLAttribute("method", "post"), .action(address(path))] + (id.map { [.id($0)] } ?? [])) {
            for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
                element("input", .type("hidden"), .name(name), .value(value))
            }
            content()
        }
    }

    /// A link to a page of ours that carries what goes on afterwards.
    func link(_ path: StaticString, _ words: Phrase, flow: Flow? = nil) -> HTML {
        element("a", .href(address(path, flow: flow))) { text(words) }
    }

    func address(_ path: StaticString, flow: Flow?) -> WebAddress {
        guard let flow, let text = sealed(flow) else { return address(path) }
        return address(path).adding("flow", text)
    }

    /// A labelled field.
    func field(
        _ label: Phrase, name: String, type: String = "text", value: String = "", autocomplete: String, hint: Phrase? = nil,
        extra: [HTMLAttribute] = []
    ) -> HTML {
        let described: [HTMLAttribute] = hint == nil ? [] : [HTMLAttribute("aria-describedby", name + "-hint")]
        let attributes: [HTMLAttribute] = [
            .id(name), .name(name), .type(type), .value(value), HTMLAttribute("autocomplete", autocomplete), .flag("required"),
        ]
        return element("div", .class("field")) {
            element("label", HTMLAttribute("for", name)) { text(label) }
            element("input", attributes: attributes + described + extra)
            if let hint { element("p", .class("hint"), .id(name + "-hint")) { text(hint) } }
        }
    }

    /// The main button.
    func button(_ words: Phrase, name: String? = nil, value: String = "", isQuiet: Bool = false) -> HTML {
        var attributes: [HTMLAttribute] = [.type("submit"), .class(isQuiet ? "quiet" : "primary")]
        if let name { attributes += [.name(name), .value(value)] }
        return element("button", attributes: attributes) { text(words) }
    }

    /// What went wrong, read out at once by screen readers.
    func alert(_ words: String?) -> HTML {
        guard let words else { return .empty }
        return element("p", .class("alert"), HTMLAttribute("role", "alert")) { words }
    }

    func note(_ words: String) -> HTML { element("p", .class("note"), HTMLAttribute("role", "status")) { words } }

    func paragraph(_ words: String) -> HTML { element("p") { words } }
}

/// A page that tells that something did not work.
enum ErrorPage {
    static func answer(_ phrase: Phrase, status: Int, detail: String? = nil, in site: IdentitySite) -> IdentityResponse {
        var page = Page(site, .errorTitle) {
            element("p") { site.settings.catalogue.text(phrase, []) }
            if let detail, !detail.isEmpty { element("p", .class("hint")) { detail } }
        }
        page.status = status
        return page.answer
    }
}
