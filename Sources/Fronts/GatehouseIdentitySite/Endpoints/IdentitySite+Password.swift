internal import GatehouseCore
import GatehouseIdentity

extension IdentitySite {
    /// Sends a link to whoever forgot the password. Whether there is such a user, nobody learns: the answer is always the same.
    func forgotPassword(_ visit: Visit) async throws -> IdentityResponse {
        guard settings.offersPasswordReset else { return notFound() }
        guard visit.isPost, let name = visit.form["name"] else { return visit.forgotPasswordPage().answer }
        let keys = [("reset " + name.lowercased(), Self.accountBudget), ("reset network " + visit.request.network, Self.networkBudget)]
        if budgets.take(keys, at: now) { sendLink(name) }
        return visit.linkSentPage().answer
    }

    /// In the background, since a look into the store and mail take time that would tell.
    private func sendLink(_ name: String) {
        Task {
            do {
                guard let user = try await accounts.users.user(named: name), let address = user.email,
                    let secret = try await accounts.passwordResetLink(for: user)
                else { return }
                let subject = text(.resetMailSubject, settings.name)
                try await mail.send(
                    Mail(to: address, subject: subject, text: text(.resetMailText, user.name, linkAddress(secret), settings.name)))
            } catch {
                emit("mail_failed", .high, "a link to choose a new password could not be sent", [("cause", "\(error)")])
            }
        }
    }

    /// The address of a one-time link.
    public func linkAddress(_ secret: String) -> String { server.configuration.issuer + "/password/choose?link=" + secret }

    /// The page that a link in a mail leads to.
    func choosePassword(_ visit: Visit) async throws -> IdentityResponse {
        let secret = visit.form["link"] ?? visit.query["link"] ?? ""
        guard let link = try await accounts.link(secret) else { return ErrorPage.answer(.linkUnknown, status: 400, in: self) }
        guard visit.isPost, let password = visit.form["new_password"] else { return visit.choosePasswordPage(link, secret: secret).answer }
        switch try await accounts.redeem(secret, password: password) {
        case .done: return visit.passwordSetPage().answer
        case .unknown: return ErrorPage.answer(.linkUnknown, status: 400, in: self)
        case .nameTaken: return ErrorPage.answer(.nameTaken, status: 400, in: self)
        case .refused(let refusal): return visit.choosePasswordPage(link, secret: secret, error: visit.describe(refusal)).answer
        }
    }

    private static let accountBudget = GuessBudget(capacity: 3, refill: 600)
    private static let networkBudget = GuessBudget(capacity: 20, refill: 60)
}
