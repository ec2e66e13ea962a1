import GatehouseIdentity

extension IdentitySite {
    /// The pages that people see.
    func page(_ visit: Visit) async throws -> IdentityResponse {
        guard ["GET", "HEAD", "POST"].contains(visit.request.method) else {
            return IdentityResponse(status: 405, fields: [.init("Allow", "GET, HEAD, POST")])
        }
        let paths = server.configuration.endpoints
        switch visit.path {
        case paths.authorization: return try await authorize(visit)
        case paths.endSession: return try await logOut(visit)
        default: break
        }
        guard !visit.isPost || visit.isGenuine else { return ErrorPage.answer(.formTooOld, status: 403, in: self) }
        if let answer = try await signInPages(visit) { return answer }
        if let answer = try await passwordPages(visit) { return answer }
        if !visit.isPost, let answer = try await outsidePages(visit) { return answer }
        if let answer = asset(visit) { return answer }
        guard visit.path == paths.device || visit.path.hasPrefix("/account") else { return notFound() }
        let isFactorPage = ["/account/factors", "/account/authenticator", "/account/passkeys"].contains { visit.path.hasPrefix($0) }
        if let refusal = try await mustComeFirst(visit, mayEnrol: isFactorPage) { return refusal }
        guard let session = visit.session, let user = visit.user else { return notFound() }
        if visit.path == paths.device { return try await device(visit, session) }
        return try await account(visit, session, user)
    }

    private func signInPages(_ visit: Visit) async throws -> IdentityResponse? {
        switch visit.path {
        case "": visit.redirect(visit.address("/account"))
        case "/": visit.redirect(visit.address("/account"))
        case "/signin": try await signIn(visit)
        case "/signin/code": try await signInCode(visit)
        case "/signin/passkey": try await signInPasskey(visit)
        case "/consent": try await consent(visit)
        case "/logout/confirm": try await confirmLogOut(visit)
        default: nil
        }
    }

    private func passwordPages(_ visit: Visit) async throws -> IdentityResponse? {
        switch visit.path {
        case "/password/forgot": try await forgotPassword(visit)
        case "/password/choose": try await choosePassword(visit)
        default: nil
        }
    }

    private func asset(_ visit: Visit) -> IdentityResponse? {
        switch visit.path {
        case "/assets/style.css": StyleSheet.answer(settings.theme)
        case "/assets/passkey.js": PasskeyScript.answer
        case "/assets/logo": settings.theme.logo.map { Asset.answer($0.bytes, mediaType: $0.mediaType) }
        default: nil
        }
    }

    /// What a user has to do before a page can be shown: sign in, or enrol a second factor.
    func mustComeFirst(_ visit: Visit, mayEnrol: Bool) async throws -> IdentityResponse? {
        guard let user = visit.user, visit.session != nil else { return visit.signInFirst() }
        guard !mayEnrol, try await accounts.mustEnrol(user) else { return nil }
        return visit.redirect(visit.address("/account/factors", flow: visit.flow ?? visit.ownFlow))
    }

    /// Changing how one signs in needs a sign-in of the last minutes.
    func mustBeFresh(_ visit: Visit, _ session: LoginSession) -> IdentityResponse? {
        now - session.authentication.time <= settings.freshness ? nil : visit.signInFirst(isStepUp: true)
    }
}
