import GatehouseIdentity
import Markup

extension IdentitySite {
    /// The authorization endpoint as a browser comes to it, from a client or from a page of ours.
    func authorize(_ visit: Visit) async throws -> IdentityResponse {
        if visit.isPost { return repeated(visit, "/authorize") }
        let carried = visit.query["flow"] == nil ? nil : visit.flow
        guard visit.query["flow"] == nil || carried?.parameters != nil else { return ErrorPage.answer(.flowTooOld, status: 400, in: self) }
        let parameters = carried?.parameters ?? visit.query
        return try await authorize(visit, parameters, begun: carried?.begun)
    }

    /// A POST of another site brings no cookies along, so it is asked again as a GET (OpenID Connect Core section 3.1.2.1 wants both).
    func repeated(_ visit: Visit, _ path: StaticString) -> IdentityResponse {
        let query = visit.form.encoded
        guard query.utf8.count <= 6000, let address = WebAddress(visit.address(path).text + (query.isEmpty ? "" : "?" + query)) else {
            return ErrorPage.answer(.requestTooLong, status: 400, in: self)
        }
        return visit.redirect(address)
    }

    private func authorize(_ visit: Visit, _ parameters: FormParameters, begun: Int64?) async throws -> IdentityResponse {
        var flow = Flow(.authorize(parameters.encoded), begun: begun ?? now)
        var session = visit.session
        if let user = visit.user, try await accounts.mustEnrol(user) {
            guard parameters.words("prompt").contains("none") else { return visit.redirect(visit.address("/account/factors", flow: flow)) }
            session = nil
        }
        switch try await server.authorize(parameters, session: session, begun: begun) {
        case .page(let error): return ErrorPage.answer(.badRequestOfClient, status: 400, detail: "\(error)", in: self)
        case .respond(let answer): return answer
        case .consent(let request): return visit.consentPage(request, flow).answer
        case .signIn(let request, let reason):
            flow.isStepUp = reason == .tooWeak || !request.contexts.isEmpty
            guard visit.sealed(flow).map({ $0.utf8.count <= 6000 }) == true else {
                return ErrorPage.answer(.requestTooLong, status: 400, in: self)
            }
            return visit.redirect(visit.address("/signin", flow: flow))
        }
    }

    /// The user's answer to the question of the consent page.
    func consent(_ visit: Visit) async throws -> IdentityResponse {
        guard visit.isPost, let flow = visit.flow, let parameters = flow.parameters, let session = visit.session else {
            return ErrorPage.answer(.flowTooOld, status: 400, in: self)
        }
        switch try await server.authorize(parameters, session: session, begun: flow.begun) {
        case .page(let error): return ErrorPage.answer(.badRequestOfClient, status: 400, detail: "\(error)", in: self)
        case .respond(let answer): return answer
        case .signIn: return visit.redirect(visit.address("/signin", flow: flow))
        case .consent(let request):
            guard visit.form["decision"] == "allow" else { return try await server.deny(request) }
            let allowed = request.scopes.filter { $0 == "openid" || visit.form["scope." + $0] == "yes" }
            guard !allowed.isEmpty else { return try await server.deny(request) }
            return try await server.approve(request, by: session, scopes: allowed)
        }
    }
}
