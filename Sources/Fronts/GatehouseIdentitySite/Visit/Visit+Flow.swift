import GatehouseIdentity
import Markup

extension Visit {
    /// This page itself as what goes on afterwards. A form that was sent is not sent again: its page is shown.
    var ownFlow: Flow {
        let target = isPost || request.query.isEmpty ? path : path + "?" + request.query
        return Flow(.page(target), begun: site.now)
    }

    /// Sends the browser to the sign-in page and, afterwards, back here.
    func signInFirst(isStepUp: Bool = false) -> IdentityResponse {
        var flow = ownFlow
        flow.isStepUp = isStepUp
        return redirect(address("/signin", flow: flow))
    }

    /// Where a flow goes on; the account page where there is none.
    func target(of flow: Flow?) -> WebAddress {
        guard let flow else { return address("/account") }
        switch flow.aim {
        case .authorize: return address("/authorize", flow: flow)
        case .logOut: return address("/logout", flow: flow)
        case .page(let path): return WebAddress(site.prefix + path) ?? address("/account")
        }
    }

    /// The client of a flow.
    func client(of flow: Flow?) async throws -> Client? {
        guard let id = flow?.parameters?["client_id"] else { return nil }
        return try await site.server.client(id)
    }
}
