internal import GatehouseConfiguration
import GatehouseIdentity
import Markup
import StrictJSON

extension Visit {
    /// Name and password, and the other ways in.
    func signInPage(_ flow: Flow?, client: Client?, name: String = "", error: String? = nil) -> Page {
        var page = Page(self, .signInTitle) {
            if let client { paragraph(text(.signInToContinue, client.metadata.name)) }
            alert(error)
            form("/signin", flow: flow) {
                field(
                    .userName, name: "name", value: name, autocomplete: "username webauthn",
                    extra: [HTMLAttribute("autocapitalize", "none"), .flag("autofocus")])
                field(.password, name: "password", type: "password", autocomplete: "current-password")
                button(.signIn)
            }
            element("div", .class("others")) {
                if site.party != nil { link("/signin/passkey", .signInWithPasskey, flow: flow) }
                for provider in site.providerNames { outsideLink(provider, .signInOutside, flow: flow) }
                if site.settings.offersPasswordReset { link("/password/forgot", .forgotPassword) }
            }
        }
        page.formTargets = targets(client)
        return page
    }

    /// A link to another provider.
    func outsideLink(_ provider: String, _ words: Phrase, flow: Flow?, isLinking: Bool = false) -> HTML {
        let address = address("/outside/start", flow: flow).adding("provider", provider)
        return element("a", .href(isLinking ? address.adding("link", "yes") : address)) {
            text(words, site.outside[provider]?.settings.title ?? provider)
        }
    }

    /// The code of an app, or a recovery code.
    func codePage(_ flow: Flow?, client: Client?, error: String? = nil) -> Page {
        var page = Page(self, .codeTitle) {
            alert(error)
            form("/signin/code", flow: flow) {
                field(
                    .oneTimeCode, name: "code", autocomplete: "one-time-code", hint: .oneTimeCodeHint,
                    extra: [HTMLAttribute("inputmode", "numeric"), .flag("autofocus")])
                if site.accounts.mfa.deviceMemory > 0 {
                    element("label", .class("check")) {
                        element("input", .type("checkbox"), .name("remember"), .value("yes"))
                        text(.rememberBrowser, String(site.accounts.mfa.deviceMemory / 86_400))
                    }
                }
                button(.signIn)
            }
            if site.party != nil { element("div", .class("others")) { link("/signin/passkey", .signInWithPasskey, flow: flow) } }
        }
        page.formTargets = targets(client)
        return page
    }

    /// The page whose script asks the browser for a passkey.
    func passkeyPage(_ flow: Flow?, client: Client?, options: JSONValue, error: String? = nil) -> Page {
        var page = Page(self, .passkeyTitle) {
            paragraph(text(.passkeySignInAbout))
            alert(error)
            passkeyForm("/signin/passkey", flow: flow, kind: "get", options: options, words: .continueWithPasskey)
            element("div", .class("others")) { link("/signin", .signInWithPassword, flow: flow) }
        }
        page.formTargets = targets(client)
        page.hasScript = true
        return page
    }

    /// A form that the script fills in.
    func passkeyForm(_ path: StaticString, flow: Flow?, kind: String, options: JSONValue, words: Phrase) -> HTML {
        HTML([
            element("noscript") { element("p", .class("alert")) { text(.passkeysNeedScript) } },
            element("p", .class("alert"), .id("passkey-error"), HTMLAttribute("role", "alert"), .flag("hidden")) { text(.passkeyFailed) },
            form(path, flow: flow, id: "passkey-form") {
                element("input", .type("hidden"), .name("answer"), .id("passkey-answer"))
                if kind == "create" { field(.passkeyName, name: "name", value: text(.passkeyDefaultName), autocomplete: "off") }
                element(
                    "button", .type("submit"), .class("primary"), .id("passkey-button"), HTMLAttribute("data-kind", kind),
                    HTMLAttribute("data-options", options.serialized())
                ) { text(words) }
            },
        ])
    }

    /// Where forms of a sign-in may lead in the end: the client's registered addresses.
    func targets(_ client: Client?) -> [String] { (client?.metadata.redirectURIs ?? []).compactMap(Self.source) }

    /// What a policy calls the origin of an address; its scheme where it is an app's own.
    static func source(_ address: String) -> String? {
        guard let colon = address.firstIndex(of: ":") else { return nil }
        let scheme = address[..<colon].lowercased()
        guard scheme == "https" || scheme == "http" else { return scheme + ":" }
        let host = address[colon...].dropFirst(3).prefix { $0 != "/" && $0 != "?" }
        guard host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !";,'\"".utf8.contains($0) }) else { return nil }
        return "\(scheme)://\(host)"
    }
}
