internal import GatehouseCore
import GatehouseIdentity
import JOSE
import Markup
internal import Passwords
import WebAuthn

extension IdentitySite {
    /// The pages of one's own account.
    func account(_ visit: Visit, _ session: LoginSession, _ user: User) async throws -> IdentityResponse {
        switch visit.path {
        case "/account": return visit.accountPage(user).answer
        case "/account/sign-out" where visit.isPost:
            try await end(session)
            visit.endSession()
            return visit.signedOutPage().answer
        case "/account/sessions": return try await ownSessions(visit, session, user)
        case "/account/applications": return try await applications(visit, user)
        case "/account/factors":
            let linked = try await accounts.outsideAccounts(of: user.id)
            return visit.factorsPage(try await accounts.factors(of: user.id), user, flow: visit.flow, linked: linked).answer
        default: break
        }
        if let refusal = mustBeFresh(visit, session) { return refusal }
        switch visit.path {
        case "/account/password": return try await changePassword(visit, session, user)
        case "/account/tokens", "/account/tokens/end": return try await tokens(visit, user)
        case "/account/passkeys": return try await newPasskey(visit, session, user)
        case "/account/authenticator" where visit.isPost: return try await enrolAuthenticator(visit, user)
        case "/account/authenticator/confirm" where visit.isPost: return try await confirmAuthenticator(visit, session, user)
        default: return try await changeFactors(visit, user)
        }
    }

    private func ownSessions(_ visit: Visit, _ session: LoginSession, _ user: User) async throws -> IdentityResponse {
        var notice: Phrase?
        if visit.isPost, let id = visit.form["session"] {
            let all = try await sessions.sessions(of: user.id, at: now)
            for one in all where id == "others" ? one.id != session.id : one.id == id {
                try await end(LoginSession(id: one.id, userID: user.id, authentication: session.authentication), includingOffline: true)
            }
            if id == session.id {
                visit.endSession()
                return visit.signedOutPage().answer
            }
            notice = .sessionEnded
        }
        return visit.sessionsPage(try await sessions.sessions(of: user.id, at: now), notice: notice).answer
    }

    private func applications(_ visit: Visit, _ user: User) async throws -> IdentityResponse {
        if visit.isPost, let client = visit.form["client"] { try await server.forbid(client, of: user.id) }
        return visit.applicationsPage(try await server.applications(of: user.id)).answer
    }

    /// A new password ends every session; this browser gets a new one.
    private func changePassword(_ visit: Visit, _ session: LoginSession, _ user: User) async throws -> IdentityResponse {
        guard visit.isPost, let password = visit.form["new_password"] else { return visit.changePasswordPage().answer }
        let hasMFA = try await accounts.factors(of: user.id).hasAuthenticator
        if let refusal = try await accounts.changePassword(of: user.id, to: password, hasMFA: hasMFA) {
            return visit.changePasswordPage(error: visit.describe(refusal)).answer
        }
        let again = SignedIn(userID: user.id, authentication: session.authentication, device: visit[.device] ?? "")
        let begun = try await sessions.begin(again, agent: visit.request["user-agent"] ?? "", at: now)
        try await visit.begin(begun.cookie, begun.session)
        return visit.accountPage(user, notice: .passwordSet).answer
    }

    private func tokens(_ visit: Visit, _ user: User) async throws -> IdentityResponse {
        var (made, error): (String?, Phrase?) = (nil, nil)
        if visit.isPost, visit.path.hasSuffix("/end"), let id = visit.form["token"] {
            if try await apiKeys.end(id, owner: user.id, at: now) {
                emit("personal_token_ended", .low, "a personal token was ended", [("user", user.id)])
            }
        } else if visit.isPost {
            let scopes = settings.personalTokenScopes.filter { visit.form["scope." + $0] == "yes" }
            let days = Int64(visit.form["days"] ?? "") ?? 0
            if let name = visit.form["name"], !scopes.isEmpty, (1...settings.personalTokenDays).contains(days) {
                made = try await apiKeys.issue(
                    .personal, owner: user.id, name: name, scopes: scopes, expires: now + days * 86_400, at: now
                ).secret.text
                emit(
                    "personal_token_made", .low, "a personal token was made",
                    [("user", user.id), ("scopes", scopes.joined(separator: " "))])
            } else {
                error = .tokenIncomplete
            }
        }
        return visit.tokensPage(try await apiKeys.list(owner: user.id, at: now), made: made, error: error).answer
    }

    // MARK: Factors

    private func enrolAuthenticator(_ visit: Visit, _ user: User) async throws -> IdentityResponse {
        guard accounts.mfa.factors.contains(.authenticator),
            let address = try await accounts.enrolAuthenticator(of: user, issuer: settings.name)
        else { return visit.redirect(visit.address("/account/factors", flow: visit.flow)) }
        return visit.authenticatorPage(address, flow: visit.flow).answer
    }

    private func confirmAuthenticator(_ visit: Visit, _ session: LoginSession, _ user: User) async throws -> IdentityResponse {
        let code = (visit.form["code"] ?? "").filter { $0 != " " }
        if let codes = try await accounts.confirmAuthenticator(of: user.id, code: code) {
            try await strengthen(visit, session, with: "otp")
            return visit.recoveryCodesPage(codes, flow: visit.flow).answer
        }
        guard let address = try await accounts.pendingAuthenticator(of: user, issuer: settings.name) else {
            return visit.redirect(visit.address("/account/factors", flow: visit.flow))
        }
        return visit.authenticatorPage(address, flow: visit.flow, error: .codeRefused).answer
    }

    /// Whoever has just proven a second factor is as strong as after a sign-in with it.
    private func strengthen(_ visit: Visit, _ session: LoginSession, with method: String) async throws {
        let contexts = server.configuration.authenticationContexts
        let methods = session.authentication.methods
        guard methods.contains("pwd"), contexts.count > 1, session.authentication.context == contexts.first else { return }
        let stronger = Grant.Authentication(time: now, context: contexts[1], methods: methods + [method, "mfa"])
        guard let renewed = try await sessions.renew(session.id, stronger) else { return }
        try await visit.begin(renewed.cookie, renewed.session)
    }

    private func newPasskey(_ visit: Visit, _ session: LoginSession, _ user: User) async throws -> IdentityResponse {
        guard let party, accounts.mfa.factors.contains(.passkey) else { return notFound() }
        var error: Phrase?
        if visit.isPost {
            do {
                let answer = Array((visit.form["answer"] ?? "").utf8)
                try await accounts.enrolPasskey(answer, of: user, name: visit.form["name"] ?? text(.passkeyDefaultName), party: party)
                return visit.redirect(visit.address("/account/factors", flow: visit.flow))
            } catch is WebAuthnError {
                error = .passkeyNotMade
            } catch is OAuthError {
                error = .passkeyNotMade
            } catch is ChallengeUnknown {
                error = .passkeyNotMade
            }
        }
        let options = try await accounts.passkeyEnrolment(of: user, party: party)
        return visit.newPasskeyPage(options, flow: visit.flow, error: error).answer
    }

    private func changeFactors(_ visit: Visit, _ user: User) async throws -> IdentityResponse {
        guard visit.isPost else { return visit.redirect(visit.address("/account/factors", flow: visit.flow)) }
        let isDone: Bool
        switch visit.path {
        case "/account/recovery-codes":
            guard let codes = try await accounts.renewRecoveryCodes(of: user.id) else { return notFound() }
            return visit.recoveryCodesPage(codes, flow: visit.flow).answer
        case "/account/authenticator/remove": isDone = try await accounts.removeAuthenticator(of: user)
        case "/account/outside/remove": isDone = try await accounts.unlink(visit.form["provider"] ?? "", from: user.id)
        case "/account/passkeys/remove":
            isDone = try await accounts.removePasskey(Base64URL.decode(visit.form["passkey"] ?? "") ?? [], of: user)
        default: return notFound()
        }
        let (factors, linked) = (try await accounts.factors(of: user.id), try await accounts.outsideAccounts(of: user.id))
        return visit.factorsPage(
            factors, user, flow: visit.flow, linked: linked, notice: isDone ? .factorRemoved : nil, error: isDone ? nil : .factorNeeded
        ).answer
    }
}
