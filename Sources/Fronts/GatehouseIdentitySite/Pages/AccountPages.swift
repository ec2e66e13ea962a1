internal import GatehouseConfiguration
import GatehouseIdentity
import JOSE
import Markup
import QRCode
import StrictJSON

extension Visit {
    /// The links of the account.
    private func navigation(_ current: Phrase) -> HTML {
        let pages: [(StaticString, Phrase)] = [
            ("/account", .accountTitle), ("/account/factors", .factorsTitle), ("/account/sessions", .sessionsTitle),
            ("/account/applications", .applicationsTitle), ("/account/tokens", .tokensTitle),
        ]
        return element("nav", HTMLAttribute("aria-label", text(.accountTitle))) {
            element("ul") {
                for (path, words) in pages {
                    element("li") {
                        if words == current {
                            element("a", .href(address(path)), HTMLAttribute("aria-current", "page")) { text(words) }
                        } else {
                            link(path, words)
                        }
                    }
                }
            }
        }
    }

    func accountPage(_ user: User, notice: Phrase? = nil) -> Page {
        Page(self, .accountTitle) {
            navigation(.accountTitle)
            if let notice { note(text(notice)) }
            element("dl") {
                row(.userName, user.name)
                if let name = user.claims["name"]?.string { row(.fullName, name) }
                if let email = user.email { row(.email, email) }
                if !user.groups.isEmpty { row(.groups, user.groups.joined(separator: ", ")) }
            }
            element("p") { link("/account/password", .changePassword) }
            form("/account/sign-out") { button(.signOut, isQuiet: true) }
        }
    }

    private func row(_ label: Phrase, _ value: String) -> HTML {
        HTML([element("dt") { text(label) }, element("dd") { value }])
    }

    // MARK: Factors

    func factorsPage(
        _ factors: EnrolledFactors, _ user: User, flow: Flow?, linked: [String] = [], notice: Phrase? = nil, error: Phrase? = nil
    ) -> Page {
        let allowed = site.accounts.mfa.factors
        return Page(self, .factorsTitle) {
            navigation(.factorsTitle)
            if let notice { note(text(notice)) }
            alert(error.map { text($0) })
            if factors.kinds.isEmpty, let deadline = site.accounts.mfa.deadline(user) {
                element("p", .class("alert")) {
                    deadline <= site.now ? text(.factorRequired) : text(.factorRequiredSoon, Self.day(deadline))
                }
            }
            if allowed.contains(.passkey), site.party != nil {
                element("section") {
                    element("h2") { text(.passkeys) }
                    paragraph(text(.passkeysAbout))
                    if !factors.passkeys.isEmpty {
                        element("ul", .class("list")) { for passkey in factors.passkeys { passkeyItem(passkey, flow) } }
                    }
                    element("p") { element("a", .class("button"), .href(address("/account/passkeys", flow: flow))) { text(.addPasskey) } }
                }
            }
            if allowed.contains(.authenticator) {
                element("section") {
                    element("h2") { text(.authenticator) }
                    if factors.hasAuthenticator { authenticatorInForce(factors, flow) } else { authenticatorOffered(flow) }
                }
            }
            if !site.providerNames.isEmpty {
                element("section") {
                    element("h2") { text(.outsideAccounts) }
                    element("ul", .class("list")) {
                        for provider in site.providerNames { outsideItem(provider, isLinked: linked.contains(provider), flow) }
                    }
                }
            }
            if flow != nil, !factors.kinds.isEmpty {
                element("p") { element("a", .class("button"), .href(target(of: flow))) { text(.continueOn) } }
            }
        }
    }

    private func outsideItem(_ provider: String, isLinked: Bool, _ flow: Flow?) -> HTML {
        element("li") {
            element("strong") { site.outside[provider]?.settings.title ?? provider }
            if isLinked {
                form("/account/outside/remove", flow: flow, hidden: ["provider": provider]) { button(.remove, isQuiet: true) }
            } else {
                outsideLink(provider, .linkOutside, flow: nil, isLinking: true)
            }
        }
    }

    private func passkeyItem(_ passkey: EnrolledFactors.Passkey, _ flow: Flow?) -> HTML {
        element("li") {
            element("div") {
                element("strong") { passkey.name }
                element("p", .class("hint")) {
                    passkey.used.map { text(.passkeyUsed, Self.day(passkey.created), Self.day($0)) }
                        ?? text(.passkeyUnused, Self.day(passkey.created))
                }
            }
            form("/account/passkeys/remove", flow: flow, hidden: ["passkey": Base64URL.string(passkey.id)]) {
                button(.remove, isQuiet: true)
            }
        }
    }

    private func authenticatorInForce(_ factors: EnrolledFactors, _ flow: Flow?) -> HTML {
        HTML([
            paragraph(text(.authenticatorInForce, String(factors.recoveryCodes))),
            element("div", .class("row")) {
                form("/account/recovery-codes", flow: flow) { button(.renewRecoveryCodes, isQuiet: true) }
                form("/account/authenticator/remove", flow: flow) { button(.removeAuthenticator, isQuiet: true) }
            },
        ])
    }

    private func authenticatorOffered(_ flow: Flow?) -> HTML {
        HTML([
            paragraph(text(.authenticatorAbout)), form("/account/authenticator", flow: flow) { button(.enrolAuthenticator) },
        ])
    }

    /// Shows the secret of an app as a QR code and as text, and asks for a first code.
    func authenticatorPage(_ provisioning: String, flow: Flow?, error: Phrase? = nil) -> Page {
        let secret = provisioning.split(separator: "secret=").dropFirst().first.map { String($0.prefix { $0 != "&" }) } ?? ""
        return Page(self, .authenticator) {
            paragraph(text(.authenticatorScan))
            if let code = QRCode(provisioning) {
                element(
                    "svg", HTMLAttribute("viewBox", code.viewBox), .class("qr"), HTMLAttribute("role", "img"),
                    HTMLAttribute("aria-label", text(.qrLabel))
                ) {
                    element("rect", HTMLAttribute("width", "100%"), HTMLAttribute("height", "100%"), HTMLAttribute("fill", "#fff"))
                    element("path", HTMLAttribute("d", code.svgPath), HTMLAttribute("fill", "#000"))
                }
            }
            element("details") {
                element("summary") { text(.cannotScan) }
                element("p", .class("code")) { Self.grouped(secret) }
            }
            alert(error.map { text($0) })
            form("/account/authenticator/confirm", flow: flow) {
                field(
                    .oneTimeCode, name: "code", autocomplete: "one-time-code",
                    extra: [HTMLAttribute("inputmode", "numeric"), .flag("autofocus")])
                button(.confirm)
            }
        }
    }

    func recoveryCodesPage(_ codes: [String], flow: Flow?) -> Page {
        Page(self, .recoveryCodesTitle) {
            paragraph(text(.recoveryCodesAbout))
            element("ul", .class("codes")) { for code in codes { element("li") { element("code") { code } } } }
            element("p") {
                element("a", .class("button"), .href(flow == nil ? address("/account/factors") : target(of: flow))) { text(.codesKept) }
            }
        }
    }

    func newPasskeyPage(_ options: JSONValue, flow: Flow?, error: Phrase? = nil) -> Page {
        var page = Page(self, .addPasskey) {
            paragraph(text(.passkeysAbout))
            alert(error.map { text($0) })
            passkeyForm("/account/passkeys", flow: flow, kind: "create", options: options, words: .makePasskey)
            element("div", .class("others")) { link("/account/factors", .back, flow: flow) }
        }
        page.hasScript = true
        return page
    }

    // MARK: Sessions, applications, tokens

    func sessionsPage(_ list: [SessionStore.Summary], notice: Phrase? = nil) -> Page {
        Page(self, .sessionsTitle) {
            navigation(.sessionsTitle)
            if let notice { note(text(notice)) }
            paragraph(text(.sessionsAbout))
            element("ul", .class("list")) {
                for one in list {
                    element("li") {
                        element("div") {
                            element("strong") { one.agent.isEmpty ? text(.unknownBrowser) : BrowserName.of(one.agent) }
                            if one.id == session?.id { element("span", .class("badge")) { text(.thisBrowser) } }
                            element("p", .class("hint")) { text(.sessionTimes, Self.moment(one.created), Self.moment(one.seen)) }
                        }
                        form("/account/sessions", hidden: ["session": one.id]) { button(.signOut, isQuiet: true) }
                    }
                }
            }
            if list.count > 1 { form("/account/sessions", hidden: ["session": "others"]) { button(.signOutOthers, isQuiet: true) } }
        }
    }

    func applicationsPage(_ list: [AllowedApplication]) -> Page {
        Page(self, .applicationsTitle) {
            navigation(.applicationsTitle)
            if list.isEmpty { paragraph(text(.noApplications)) }
            element("ul", .class("list")) {
                for one in list {
                    element("li") {
                        element("div") {
                            element("strong") { one.name }
                            element("p", .class("hint")) {
                                one.scopes.filter { $0 != "openid" }.map { describe(scope: $0) }.joined(separator: " · ")
                            }
                        }
                        form("/account/applications", hidden: ["client": one.clientID]) { button(.withdraw, isQuiet: true) }
                    }
                }
            }
        }
    }

    func tokensPage(_ list: [APIKey], made: String? = nil, error: Phrase? = nil) -> Page {
        let scopes = site.settings.personalTokenScopes
        return Page(self, .tokensTitle) {
            navigation(.tokensTitle)
            paragraph(text(.tokensAbout))
            if let made {
                note(text(.tokenMade))
                element("p", .class("code"), .id("token")) { made }
            }
            alert(error.map { text($0) })
            element("ul", .class("list")) {
                for one in list {
                    element("li") {
                        element("div") {
                            element("strong") { one.name }
                            element("p", .class("hint")) {
                                (one.scopes + [one.expires.map { text(.tokenExpires, Self.day($0)) } ?? ""]).filter { !$0.isEmpty }.joined(
                                    separator: " · ")
                            }
                        }
                        form("/account/tokens/end", hidden: ["token": one.id]) { button(.remove, isQuiet: true) }
                    }
                }
            }
            if scopes.isEmpty { element("p", .class("hint")) { text(.noTokenScopes) } } else { newTokenForm(scopes) }
        }
    }

    private func newTokenForm(_ scopes: [String]) -> HTML {
        form("/account/tokens") {
            field(.tokenName, name: "name", autocomplete: "off")
            field(
                .tokenDays, name: "days", type: "number", value: "90", autocomplete: "off",
                extra: [HTMLAttribute("min", "1"), HTMLAttribute("max", String(site.settings.personalTokenDays))])
            element("fieldset") {
                element("legend") { text(.consentScopes) }
                for scope in scopes {
                    element("label", .class("check")) {
                        element("input", .type("checkbox"), .name("scope." + scope), .value("yes"))
                        describe(scope: scope)
                    }
                }
            }
            button(.makeToken)
        }
    }

    // MARK: Texts

    /// A day in UTC, as ISO 8601 writes it.
    static func day(_ seconds: Int64) -> String { String(moment(seconds).prefix(10)) }

    /// A minute in UTC.
    static func moment(_ seconds: Int64) -> String {
        let date = CivilDate(seconds: seconds)
        let two = { (number: Int64) in number < 10 ? "0\(number)" : "\(number)" }
        let minute = seconds.quotientAndRemainder(dividingBy: 86_400).remainder / 60
        return "\(date.year)-\(two(date.month))-\(two(date.day)) \(two(minute / 60)):\(two(minute % 60)) UTC"
    }

    private static func grouped(_ secret: String) -> String {
        var text = ""
        for (place, letter) in secret.enumerated() { text += (place > 0 && place % 4 == 0 ? " " : "") + String(letter) }
        return text
    }
}

/// A day of the Gregorian calendar.
struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    /// The day of a moment in seconds since 1970, not before.
    init(seconds: Int64) {
        let days = max(0, seconds) / 86_400 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}

/// What users call their browser, from how it names itself.
enum BrowserName {
    static func of(_ agent: String) -> String {
        let names = [
            ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
        ]
        let systems = [
            ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ]
        let name = names.first { agent.contains($0.0) }?.1
        let system = systems.first { agent.contains($0.0) }?.1
        guard let name else { return String(agent.prefix(60)) }
        return system.map { "\(name) · \($0)" } ?? name
    }
}
