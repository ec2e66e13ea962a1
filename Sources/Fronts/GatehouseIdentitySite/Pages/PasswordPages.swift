import GatehouseIdentity
import Markup
import Passwords

extension Visit {
    func forgotPasswordPage() -> Page {
        Page(self, .forgotPassword) {
            paragraph(text(.forgotAbout))
            form("/password/forgot") {
                field(.userName, name: "name", autocomplete: "username", extra: [.flag("autofocus")])
                button(.sendLink)
            }
            element("div", .class("others")) { link("/signin", .back) }
        }
    }

    func linkSentPage() -> Page { Page(self, .forgotPassword) { note(text(.linkSent)) } }

    /// Lets whoever holds a link choose a password.
    func choosePasswordPage(_ link: PendingLink, secret: String, error: String? = nil) -> Page {
        let name = (link.user ?? link.invited)?.name ?? ""
        return Page(self, link.purpose == .invitation ? .invitationTitle : .choosePasswordTitle) {
            paragraph(text(link.purpose == .invitation ? .invitationAbout : .choosePasswordAbout, name))
            if link.purpose == .recovery { element("p", .class("alert")) { text(.recoveryAbout) } }
            alert(error)
            form("/password/choose", hidden: ["link": secret]) {
                element("input", .type("hidden"), .name("username"), .value(name), HTMLAttribute("autocomplete", "username"))
                newPasswordField()
                button(.setPassword)
            }
        }
    }

    func passwordSetPage() -> Page {
        Page(self, .choosePasswordTitle) {
            note(text(.passwordSet))
            element("p") { element("a", .class("button"), .href(address("/signin"))) { text(.signIn) } }
        }
    }

    func changePasswordPage(error: String? = nil) -> Page {
        Page(self, .changePassword) {
            paragraph(text(.changePasswordAbout))
            alert(error)
            form("/account/password") {
                newPasswordField()
                button(.setPassword)
            }
        }
    }

    private func newPasswordField() -> HTML {
        field(
            .newPassword, name: "new_password", type: "password", autocomplete: "new-password", hint: .newPasswordHint,
            extra: [HTMLAttribute("minlength", String(site.accounts.rules.minimumWithMFA)), .flag("autofocus")])
    }

    /// Why a password may not be chosen, in the user's words.
    func describe(_ refusal: PasswordRules.Refusal) -> String {
        switch refusal {
        case .tooShort(let minimum): text(.passwordTooShort, String(minimum))
        case .tooLong(let maximum): text(.passwordTooLong, String(maximum))
        case .controlCharacter: text(.passwordControl)
        case .known: text(.passwordKnown)
        case .expected: text(.passwordExpected)
        case .repetitive: text(.passwordRepetitive)
        }
    }
}
