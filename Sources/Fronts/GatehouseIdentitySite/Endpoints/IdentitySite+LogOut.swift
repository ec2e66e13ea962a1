internal import GatehouseCore
import GatehouseIdentity
import Markup

extension IdentitySite {
    /// The end session endpoint as a browser comes to it.
    func logOut(_ visit: Visit) async throws -> IdentityResponse {
        if visit.isPost { return repeated(visit, "/logout") }
        let carried = visit.query["flow"] == nil ? nil : visit.flow
        guard visit.query["flow"] == nil || carried?.parameters != nil else { return ErrorPage.answer(.flowTooOld, status: 400, in: self) }
        let parameters = carried?.parameters ?? visit.query
        switch try await server.logOut(parameters, session: visit.session) {
        case .page(let error): return ErrorPage.answer(.badRequestOfClient, status: 400, detail: "\(error)", in: self)
        case .proceed(let request): return try await leave(visit, request)
        case .confirm(let request):
            return visit.signOutPage(request, Flow(.logOut(parameters.encoded), begun: now)).answer
        }
    }

    /// The user's answer to whether to sign out.
    func confirmLogOut(_ visit: Visit) async throws -> IdentityResponse {
        guard visit.isPost, let parameters = visit.flow?.parameters else { return ErrorPage.answer(.flowTooOld, status: 400, in: self) }
        switch try await server.logOut(parameters, session: visit.session) {
        case .page(let error): return ErrorPage.answer(.badRequestOfClient, status: 400, detail: "\(error)", in: self)
        case .proceed(let request), .confirm(let request): return try await leave(visit, request)
        }
    }

    private func leave(_ visit: Visit, _ request: LogoutRequest) async throws -> IdentityResponse {
        let session = visit.session
        let (response, messages) = try await server.signOut(request, session: session)
        if let session {
            _ = try await sessions.end(session.id, of: session.userID, at: now)
            emit("signed_out", .informational, "a user signed out", [("user", session.userID), ("session", session.id)])
            visit.endSession()
        }
        notices.send(messages)
        return response ?? visit.signedOutPage().answer
    }
}
