import Crypto
import Foundation
import GatehouseConfiguration
import GatehouseCore
import GatehouseIdentity
import JOSE
import Markup
import StrictJSON

extension IdentitySite {
    private var outsideRedirect: String { server.configuration.issuer + "/outside/callback" }

    /// Signing in, and linking, by way of another provider.
    func outsidePages(_ visit: Visit) async throws -> IdentityResponse? {
        switch visit.path {
        case "/outside/start": try await startOutside(visit)
        case "/outside/callback": try await finishOutside(visit)
        default: nil
        }
    }

    private func startOutside(_ visit: Visit) async throws -> IdentityResponse {
        guard let provider = outside[visit.query["provider"] ?? ""] else { return notFound() }
        let isLink = visit.query["link"] == "yes"
        if isLink {
            guard let session = visit.session else { return visit.signInFirst() }
            if let refusal = mustBeFresh(visit, session) { return refusal }
        }
        let attempt = OutsideProvider.Attempt(state: Self.random(), nonce: Self.random(), verifier: Self.random() + Self.random())
        let challenge = Base64URL.string([UInt8](SHA256.hash(data: Array(attempt.verifier.utf8))))
        do {
            let address = try await provider.address(attempt, challenge: challenge, redirect: outsideRedirect)
            var memory: JSONObject = [
                "p": .string(provider.settings.name), "s": .string(attempt.state), "n": .string(attempt.nonce),
                "v": .string(attempt.verifier),
                "e": JSONValue(now + 600),
            ]
            if let flow = visit.flow { memory.append("f", .string(String(decoding: flow.bytes, as: UTF8.self))) }
            if isLink, let user = visit.user { memory.append("l", .string(user.id)) }
            guard let sealed = visit.seal(JSONValue.object(memory).bytes()), sealed.utf8.count < 3900 else {
                return ErrorPage.answer(.requestTooLong, status: 400, in: self)
            }
            visit.set(.outside, sealed, seconds: 600)
            return IdentityResponse(status: 303, fields: [.init("Location", address), .init("Cache-Control", "no-store")])
        } catch {
            return refuse(provider, error)
        }
    }

    private func finishOutside(_ visit: Visit) async throws -> IdentityResponse {
        guard let memory = visit[.outside].flatMap({ visit.open($0) }).flatMap({ try? JSONValue(parsing: $0) }),
            let provider = outside[memory["p"]?.string ?? ""], let state = memory["s"]?.string, let nonce = memory["n"]?.string,
            let verifier = memory["v"]?.string, (memory["e"]?.int64 ?? 0) > now
        else { return ErrorPage.answer(.flowTooOld, status: 400, in: self) }
        visit.forget(.outside)
        let attempt = OutsideProvider.Attempt(state: state, nonce: nonce, verifier: verifier)
        let claims: OutsideClaims
        do {
            claims = try await provider.claims(visit.query, attempt, redirect: outsideRedirect)
        } catch {
            return refuse(provider, error)
        }
        let identity = OutsideIdentity(
            provider: provider.settings.name, issuer: provider.settings.issuer.text, subject: claims.subject)
        let flow = (memory["f"]?.string).flatMap { Flow(bytes: Array($0.utf8)) }
        if let user = memory["l"]?.string { return try await link(identity, to: user, visit) }
        return try await enter(identity, claims, provider, visit, flow)
    }

    /// Only whoever was signed in here when it began, and still is, gets the account linked.
    private func link(_ identity: OutsideIdentity, to user: String, _ visit: Visit) async throws -> IdentityResponse {
        guard visit.session?.userID == user, try await accounts.link(identity, to: user) else {
            return ErrorPage.answer(.outsideTaken, status: 400, in: self)
        }
        return visit.redirect(visit.address("/account/factors"))
    }

    private func enter(
        _ identity: OutsideIdentity, _ claims: OutsideClaims, _ provider: OutsideProvider, _ visit: Visit, _ flow: Flow?
    ) async throws -> IdentityResponse {
        if try await accounts.user(of: identity) == nil {
            guard let user = Self.newUser(claims, provider.settings), try await accounts.create(user, from: identity) else {
                return ErrorPage.answer(.outsideUnknown, status: 403, in: self)
            }
        }
        if let claim = provider.settings.groupsClaim, let user = try await accounts.user(of: identity) {
            let groups = (claims[claim]?.array ?? []).compactMap(\.string)
            _ = try await accounts.users.update(user.id) { $0["groups"] = .array(groups.map { .string($0) }) }
        }
        switch try await accounts.signIn(outside: identity, device: flow?.isStepUp == true ? nil : visit[.device]) {
        case .signedIn(let signedIn): return try await complete(signedIn, visit, flow)
        case .needsSecondFactor(let pending):
            visit.set(.pending, pending, seconds: 300)
            return visit.redirect(visit.address("/signin/code", flow: flow))
        case .refused, .busy: return ErrorPage.answer(.outsideUnknown, status: 403, in: self)
        }
    }

    /// The user that someone from outside becomes; nil where the configuration does not want that.
    ///
    /// Refuses: addresses that the provider has not verified, where the name or the domain hangs on them.
    static func newUser(_ claims: OutsideClaims, _ settings: IdentityProvider) -> User? {
        guard settings.createsUsers, let name = claims[settings.nameClaim]?.string, !name.isEmpty, name.utf8.count <= 320 else {
            return nil
        }
        let email = claims["email"]?.string
        let isVerified = claims["email_verified"]?.bool == true
        if settings.nameClaim == "email", !isVerified { return nil }
        if !settings.domains.isEmpty {
            let domain = (email?.split(separator: "@").last).map { $0.lowercased() } ?? ""
            guard isVerified, settings.domains.contains(where: { $0.lowercased() == domain }) else { return nil }
        }
        var known: JSONObject = ["preferred_username": .string(name)]
        for claim in ["name", "given_name", "family_name", "locale"] {
            if let text = claims[claim]?.string { known.append(claim, .string(text)) }
        }
        if let email {
            known.append("email", .string(email))
            known.append("email_verified", .bool(isVerified))
        }
        return User(id: UUID().uuidString.lowercased(), name: name, claims: known)
    }

    private func refuse(_ provider: OutsideProvider, _ error: any Error) -> IdentityResponse {
        emit(
            "outside_refused", .medium, "someone could not come from another provider",
            [("provider", provider.settings.name), ("cause", "\(error)")])
        return ErrorPage.answer(.outsideFailed, status: 400, in: self)
    }

    private static func random() -> String {
        var random = SystemRandomNumberGenerator()
        return Base64URL.string((0..<24).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
}
