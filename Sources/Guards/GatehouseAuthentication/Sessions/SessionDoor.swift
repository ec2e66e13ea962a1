internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import GatehouseOutgoing
internal import HTTPWire
internal import NIOCore

/// Where browsers come to sign in and out: the redirect to the provider, the way back, logout, and the provider's own notice.
struct SessionDoor: Sendable {
    let sessions: BrowserSessions
    private let ground: AuthenticationGround

    init(_ settings: BrowserSessionSettings, ground: AuthenticationGround) {
        sessions = ground.sessions(settings)
        self.ground = ground
    }

    private var settings: BrowserSessionSettings { sessions.party.settings }

    /// A place of the house below the path of the settings.
    enum Place: String {
        case callback = "/callback"
        case logout = "/logout"
        case signedOut = "/signed-out"
        case notice = "/backchannel-logout"
    }

    /// The place that a request is for; nil for a request of the service.
    func place(of exchange: Exchange) -> Place? {
        let path = exchange.request.path
        guard path.hasPrefix(settings.path.text) else { return nil }
        return Place(rawValue: String(path.dropFirst(settings.path.text.count)))
    }

    /// Answers for a place; the notice's body comes later.
    func answer(_ place: Place, _ exchange: Exchange, on loop: any EventLoop) -> Verdict? {
        switch place {
        case .signedOut: return .respond(Self.page("You are signed out."))
        case .callback: return callback(exchange, loop)
        case .logout: return logout(exchange, loop)
        case .notice: return nil
        }
    }

    // MARK: Signing in

    /// Sends a browser to the provider; nil where the request is no navigation.
    func redirect(_ exchange: Exchange, stepUp: StepUpSettings?, at now: Int64) -> Verdict? {
        guard Self.isNavigation(exchange.request) else { return nil }
        guard exchange.isSecure || Self.isLocal(exchange.request.authority) else {
            return refuse(403, "clear_text", "sign-in in clear text was refused")
        }
        let flow = SessionCookies.Flow(
            state: randomText(), nonce: randomText(), verifier: randomText(), target: Self.target(exchange.request), begun: now)
        guard let sealed = sessions.cookies.seal(flow),
            let address = sessions.party.authorizationAddress(flow, callback: callbackAddress(exchange), stepUp: stepUp)
        else { return refuse(503, "provider_unavailable", "the provider was never reached", retryAfter: 5) }
        let cookie = SessionCookies.line(
            SessionCookies.flowName(flow.state, secure: exchange.isSecure), sealed, secure: exchange.isSecure, maximumAge: 600)
        return .respond(LocalAnswer(status: 302, fields: [("location", address), ("set-cookie", cookie), ("cache-control", "no-store")]))
    }

    private func callback(_ exchange: Exchange, _ loop: any EventLoop) -> Verdict {
        let now = exchange.services.clock.wall / 1_000_000_000
        let secure = exchange.isSecure
        let parameters = Self.parameters(exchange.request.query ?? "")
        guard let state = parameters["state"],
            let sealed = SessionCookies.value(of: SessionCookies.flowName(state, secure: secure), in: exchange.request.fields),
            let flow = sessions.cookies.open(sealed, at: now), flow.state == state
        else { return refuse(400, "sign_in_state", "an answer of the provider that this browser did not ask for") }
        if let issuer = parameters["iss"], issuer != settings.provider.description {
            return refuse(400, "sign_in_issuer", "an answer of another provider")
        }
        if parameters["iss"] == nil, sessions.party.keys.document?.namesIssuer == true {
            return refuse(400, "sign_in_issuer", "an answer that does not name its provider")
        }
        guard let code = parameters["code"] else {
            return refuse(403, "sign_in_refused", "the provider answers `\(parameters["error"] ?? "nothing")`")
        }
        let address = callbackAddress(exchange)
        let old = SessionCookies.value(of: SessionCookies.name(secure: secure), in: exchange.request.fields)
        let promise = loop.makePromise(of: SignInResult.self)
        promise.completeWithTask { [sessions] in
            do {
                let cookie = try await sessions.begin(code: code, flow: flow, callback: address, at: now)
                if let old { _ = try? await sessions.end(old) }
                return .begun(cookie)
            } catch let failure as RelyingParty.Failure {
                return .failed(failure.reason, isRefused: failure.isRefused)
            } catch {
                return .failed("\(error)", isRefused: true)
            }
        }
        return .wait(promise.futureResult.assumeIsolated().map { result in welcome(result, flow, secure: secure) }.nonisolated())
    }

    private enum SignInResult: Sendable {
        case begun(String)
        case failed(String, isRefused: Bool)
    }

    private func welcome(_ result: SignInResult, _ flow: SessionCookies.Flow, secure: Bool) -> Verdict {
        switch result {
        case .failed(let reason, let isRefused):
            return refuse(isRefused ? 403 : 503, "sign_in_failed", reason, retryAfter: isRefused ? 0 : 5)
        case .begun(let cookie):
            let lines = [
                SessionCookies.line(SessionCookies.name(secure: secure), cookie, secure: secure),
                SessionCookies.line(SessionCookies.flowName(flow.state, secure: secure), "", secure: secure, maximumAge: 0),
            ]
            return .respond(
                LocalAnswer(
                    status: 303,
                    fields: [("location", flow.target), ("cache-control", "no-store")] + lines.map { ("set-cookie", $0) }))
        }
    }

    // MARK: Signing out

    private func logout(_ exchange: Exchange, _ loop: any EventLoop) -> Verdict {
        guard Self.isOwn(exchange) else {
            return refuse(403, "csrf", "another site made a browser sign out")
        }
        let secure = exchange.isSecure
        let after = exchange.origin(of: settings.path.text + Place.signedOut.rawValue)
        let cookie = SessionCookies.value(of: SessionCookies.name(secure: secure), in: exchange.request.fields)
        let promise = loop.makePromise(of: SessionRecord?.self)
        promise.completeWithTask { [sessions] in
            guard let cookie else { return nil }
            return try await sessions.end(cookie)
        }
        return .wait(
            promise.futureResult.assumeIsolated().map { [sessions] record in
                let address = record.flatMap { sessions.party.endSessionAddress(idToken: $0.idToken, after: after) } ?? after
                return .respond(
                    LocalAnswer(
                        status: 303,
                        fields: [
                            ("location", address), ("cache-control", "no-store"),
                            ("set-cookie", SessionCookies.line(SessionCookies.name(secure: secure), "", secure: secure, maximumAge: 0)),
                            ("clear-site-data", "\"cache\", \"storage\""),
                        ]))
            }.nonisolated())
    }

    /// The provider says that sessions have ended (OpenID Connect Back-Channel Logout, section 2.8).
    func notice(_ exchange: Exchange, on loop: any EventLoop) -> Verdict {
        let body = String(buffer: exchange.requestBody)
        let now = exchange.services.clock.wall / 1_000_000_000
        guard exchange.request.method == .post, let token = Self.parameters(body)["logout_token"] else {
            return refuse(400, "logout_notice", "a notice without a token")
        }
        let promise = loop.makePromise(of: String?.self)
        promise.completeWithTask { [sessions, ground] in
            do {
                let count = try await sessions.end(logoutToken: token, at: now)
                ground.say(.informational, "backchannel_logout", "the provider ended \(count) sessions")
                return nil
            } catch let failure as RelyingParty.Failure {
                return failure.reason
            } catch {
                return "\(error)"
            }
        }
        return .wait(
            promise.futureResult.assumeIsolated().map { failure in
                if let failure { return refuse(400, "logout_notice", failure) }
                return .respond(LocalAnswer(status: 200, fields: [("cache-control", "no-store")]))
            }.nonisolated())
    }

    // MARK: Rules

    /// True for a request that our own pages, or the user by hand, made: unsafe methods with a cookie need it.
    static func isOwn(_ exchange: Exchange) -> Bool {
        let fields = exchange.request.fields
        if let site = fields[.secFetchSite] { return site == "same-origin" || site == "none" }
        if let origin = fields[.origin] { return origin.lowercased() == exchange.origin(of: "") }
        return exchange.request.method.isSafe && !fields.contains(.upgrade)
    }

    /// A page that a browser is about to show, rather than something that a page loads.
    static func isNavigation(_ request: RequestHead) -> Bool {
        guard request.method == .get, !request.fields.contains(.upgrade) else { return false }
        if let mode = request.fields[.secFetchMode] {
            return mode == "navigate" && ["document", nil].contains(request.fields[.secFetchDest])
        }
        return request.fields[.accept]?.contains("text/html") == true && request.fields["x-requested-with"] == nil
    }

    /// Path and query to come back to; never another host.
    private static func target(_ request: RequestHead) -> String {
        let target = request.targetText
        guard target.hasPrefix("/"), !target.hasPrefix("//"), !target.hasPrefix("/\\"), target.utf8.count <= 2048 else { return "/" }
        return target
    }

    private static func isLocal(_ authority: String) -> Bool { HTTPAddress("http://" + authority)?.isExposed == false }

    private func callbackAddress(_ exchange: Exchange) -> String { exchange.origin(of: settings.path.text + Place.callback.rawValue) }

    /// Parameters of a query or form; of a name that stands twice neither counts.
    static func parameters(_ text: String) -> [String: String] {
        var found: [String: String] = [:]
        var doubled: Set<String> = []
        for pair in text.split(separator: "&").prefix(50) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let words = parts.map { $0.replacing("+", with: " ").removingPercentEncoding }
            guard let name = words.first.flatMap({ $0 }), words.count == 2, let value = words[1] else { continue }
            if found.updateValue(value, forKey: name) != nil { doubled.insert(name) }
        }
        return found.filter { !doubled.contains($0.key) }
    }

    private func refuse(_ status: Int, _ rule: String, _ reason: String, retryAfter: Int64 = 0) -> Verdict {
        .refuse(
            Refusal(
                Problem(status: status), rule: rule, reason: reason, severity: status == 503 ? .high : .medium,
                fields: retryAfter > 0 ? [("retry-after", String(retryAfter))] : []))
    }

    private static func page(_ text: String) -> LocalAnswer {
        LocalAnswer(
            status: 200, fields: [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store")],
            body: ByteBuffer(string: "<!doctype html><html lang=\"en\"><title>\(text)</title><main><h1>\(text)</h1></main></html>"))
    }
}

extension Exchange {
    /// The address of a path on the host that the client asked.
    func origin(of path: String) -> String { (isSecure ? "https://" : "http://") + request.authority + path }
}
