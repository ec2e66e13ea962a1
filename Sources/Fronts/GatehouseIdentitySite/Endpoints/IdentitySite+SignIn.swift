internal import GatehouseCore
import GatehouseIdentity
import Markup

extension IdentitySite {
    /// The sign-in page, and what is typed into it.
    func signIn(_ visit: Visit) async throws -> IdentityResponse {
        let flow = visit.flow
        let client = try await visit.client(of: flow)
        guard visit.isPost else {
            let hint = flow?.parameters?["login_hint"] ?? ""
            return visit.signInPage(flow, client: client, name: hint).answer
        }
        let name = visit.form["name"] ?? ""
        var attempt = SignInAttempt(
            name: name, password: visit.form["password"] ?? "", network: visit.request.network, device: visit[.device])
        attempt.mayTrustDevice = flow?.isStepUp != true
        switch try await accounts.signIn(attempt) {
        case .signedIn(let signedIn): return try await complete(signedIn, visit, flow)
        case .needsSecondFactor(let pending):
            visit.set(.pending, pending, seconds: 300)
            return visit.redirect(visit.address("/signin/code", flow: flow))
        case .refused: return visit.signInPage(flow, client: client, name: name, error: text(.signInRefused)).answer
        case .busy(let retryAfter):
            var page = visit.signInPage(flow, client: client, name: name, error: text(.busy))
            (page.status, page.retryAfter) = (503, retryAfter)
            return page.answer
        }
    }

    /// The page for a one-time or recovery code.
    func signInCode(_ visit: Visit) async throws -> IdentityResponse {
        let flow = visit.flow
        guard let pending = visit[.pending] else { return visit.redirect(visit.address("/signin", flow: flow)) }
        let client = try await visit.client(of: flow)
        guard visit.isPost else { return visit.codePage(flow, client: client).answer }
        let code = (visit.form["code"] ?? "").filter { $0 != " " }
        guard case .signedIn(let signedIn) = try await accounts.finish(pending, code: code, device: visit[.device]) else {
            return visit.codePage(flow, client: client, error: text(.codeRefused)).answer
        }
        if visit.form["remember"] == "yes" { try await accounts.trust(device: signedIn.device, of: signedIn.userID) }
        return try await complete(signedIn, visit, flow)
    }

    /// The page whose script asks for a passkey, and what the passkey answers.
    func signInPasskey(_ visit: Visit) async throws -> IdentityResponse {
        guard let party else { return notFound() }
        let flow = visit.flow
        let client = try await visit.client(of: flow)
        var error: String?
        if visit.isPost {
            let answer = Array((visit.form["answer"] ?? "").utf8)
            if case .signedIn(let signedIn) = try await accounts.signIn(passkey: answer, party: party, device: visit[.device]) {
                return try await complete(signedIn, visit, flow)
            }
            error = text(.passkeyRefused)
        }
        return visit.passkeyPage(flow, client: client, options: try await accounts.passkeyRequest(party: party), error: error).answer
    }

    /// Begins the session, or proves the running one anew, and goes on.
    func complete(_ signedIn: SignedIn, _ visit: Visit, _ flow: Flow?) async throws -> IdentityResponse {
        visit.forget(.pending)
        try await beginSession(signedIn, visit)
        visit.set(.device, signedIn.device, seconds: 180 * 86_400)
        if let user = visit.user, try await accounts.mustEnrol(user) {
            return visit.redirect(visit.address("/account/factors", flow: flow))
        }
        return visit.redirect(visit.target(of: flow))
    }

    private func beginSession(_ signedIn: SignedIn, _ visit: Visit) async throws {
        if let old = visit.session {
            if old.userID == signedIn.userID, let renewed = try await sessions.renew(old.id, signedIn.authentication) {
                return try await visit.begin(renewed.cookie, renewed.session)
            }
            try await end(old)
        }
        let begun = try await sessions.begin(signedIn, agent: visit.request["user-agent"] ?? "", at: now)
        try await visit.begin(begun.cookie, begun.session)
    }

    /// Ends a session with its grants, and tells the clients.
    func end(_ session: LoginSession, includingOffline: Bool = false) async throws {
        let messages = try await server.notices(for: session)
        _ = try await sessions.end(session.id, of: session.userID, at: now)
        try await server.endSession(session.id, includingOffline: includingOffline)
        notices.send(messages)
        emit("signed_out", .informational, "a session was ended", [("user", session.userID), ("session", session.id)])
    }
}
