import GatehouseIdentity
import Markup

extension Visit {
    /// Asks whether a client may have what it wants.
    func consentPage(_ request: AuthorizationRequest, _ flow: Flow) -> Page {
        var page = Page(self, .consentTitle) {
            paragraph(text(.consentAbout, request.client.metadata.name))
            form("/consent", flow: flow) {
                element("fieldset") {
                    element("legend") { text(.consentScopes) }
                    for scope in request.scopes where scope != "openid" { scopeBox(scope) }
                    if request.scopes == ["openid"] { paragraph(text(.scopeOpenID)) }
                }
                element("div", .class("row")) {
                    button(.allow, name: "decision", value: "allow")
                    button(.refuse, name: "decision", value: "refuse", isQuiet: true)
                }
            }
            element("p", .class("hint")) { text(.consentHint) }
        }
        page.formTargets = targets(request.client)
        return page
    }

    private func scopeBox(_ scope: String) -> HTML {
        element("label", .class("check")) {
            element("input", .type("checkbox"), .name("scope." + scope), .value("yes"), .flag("checked"))
            describe(scope: scope)
        }
    }

    /// What a scope means to a user.
    func describe(scope: String) -> String {
        switch scope {
        case "openid": text(.scopeOpenID)
        case "profile": text(.scopeProfile)
        case "email": text(.scopeEmail)
        case "address": text(.scopeAddress)
        case "phone": text(.scopePhone)
        case "groups": text(.scopeGroups)
        case "offline_access": text(.scopeOffline)
        default: text(.scopeOther, scope)
        }
    }

    /// Asks for the code that a device shows.
    func deviceCodePage(_ code: String = "", error: String? = nil) -> Page {
        Page(self, .deviceTitle) {
            paragraph(text(.deviceAbout))
            alert(error)
            form("/device") {
                field(
                    .deviceCode, name: "user_code", value: code, autocomplete: "off",
                    extra: [HTMLAttribute("autocapitalize", "characters"), HTMLAttribute("spellcheck", "false"), .flag("autofocus")])
                button(.continueOn)
            }
        }
    }

    /// Asks whether the device may have what it wants.
    func deviceConsentPage(_ device: DeviceRequest, code: String) -> Page {
        Page(self, .deviceTitle) {
            paragraph(text(.deviceConsentAbout, device.client.metadata.name))
            element("p", .class("alert")) { text(.deviceWarning) }
            element("p", .class("code")) { code }
            element("ul") { for scope in device.scopes { element("li") { describe(scope: scope) } } }
            form("/device", hidden: ["user_code": code]) {
                element("div", .class("row")) {
                    button(.allow, name: "decision", value: "allow")
                    button(.refuse, name: "decision", value: "refuse", isQuiet: true)
                }
            }
        }
    }

    func deviceDonePage(_ words: Phrase) -> Page { Page(self, .deviceTitle) { note(text(words)) } }

    /// Asks whether to sign out, where a client did not prove that it means this session.
    func signOutPage(_ request: LogoutRequest, _ flow: Flow) -> Page {
        var page = Page(self, .signOutTitle) {
            paragraph(text(.signOutAbout, request.client?.metadata.name ?? site.settings.name))
            form("/logout/confirm", flow: flow) {
                element("div", .class("row")) {
                    button(.signOut, name: "decision", value: "yes")
                    link("/account", .stay)
                }
            }
        }
        page.formTargets = request.redirectURI.flatMap(Self.source).map { [$0] } ?? []
        return page
    }

    func signedOutPage() -> Page {
        Page(self, .signedOutTitle) {
            note(text(.signedOutAbout))
            element("p") { link("/signin", .signInAgain) }
        }
    }
}
