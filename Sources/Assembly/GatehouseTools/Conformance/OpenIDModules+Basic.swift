import Foundation
import GatehouseIdentity
import JOSE
import StrictJSON

/// A module of the suite: its name, and what it does; it throws where the provider is at fault.
struct OpenIDModule: Sendable {
    let name: String
    let body: @Sendable (OpenIDRun) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (OpenIDRun) async throws -> Void) {
        self.name = name
        self.body = body
    }
}

extension OpenIDModule {
    /// The Basic OP plan, which Form Post shares.
    static let basic: [OpenIDModule] = tokens + userInfo + scopes + prompts + hints + requests + reuse

    private static let tokens = [
        OpenIDModule("oidcc-server") { run in
            let tokens = try await run.flow(run.request())
            try require(try run.metadata.header(of: tokens.idToken)["alg"]?.string == "RS256", "the ID token is not signed with RS256")
            _ = try await run.userInfo(tokens)
            try require(try await run.userInfo(tokens.access + "x").status == 401, "UserInfo takes a wrong token")
        },
        OpenIDModule("oidcc-response-type-missing") { run in
            var request = run.request()
            request["response_type"] = nil
            let stop = try await run.authorize(request)
            if case .page(let page, _) = stop { return try require(page.status >= 400, "no error page but status \(page.status)") }
            let error = try run.answer(stop, to: request)["error"]
            try require(["invalid_request", "unsupported_response_type"].contains(error), "the error is `\(error ?? "none")`")
        },
        OpenIDModule("oidcc-idtoken-signature") { run in
            let tokens = try await run.flow(run.request())
            let header = try run.metadata.header(of: tokens.idToken)
            try require(header["alg"]?.string == "RS256", "the ID token is not signed with RS256")
            try require(header["kid"]?.string != nil || (try run.metadata.keys().keys.count) == 1, "no `kid` though there are several keys")
        },
        OpenIDModule("oidcc-idtoken-unsigned") { run in
            // a client of the plan is registered for a signature, so an unsigned token would be a downgrade
            let tokens = try await run.flow(run.request())
            try require(try run.metadata.header(of: tokens.idToken)["alg"]?.string?.lowercased() != "none", "the ID token is not signed")
        },
    ]

    private static let userInfo = [
        OpenIDModule("oidcc-userinfo-get") { run in _ = try await run.userInfo(try await run.flow(run.request()), .header) },
        OpenIDModule("oidcc-userinfo-post-header") { run in _ = try await run.userInfo(try await run.flow(run.request()), .postHeader) },
        OpenIDModule("oidcc-userinfo-post-body") { run in _ = try await run.userInfo(try await run.flow(run.request()), .postBody) },
        OpenIDModule("oidcc-ensure-request-without-nonce-succeeds-for-code-flow") { run in
            var request = run.request()
            request["nonce"] = nil
            _ = try await run.flow(request)
        },
    ]

    private static let scopes =
        [("profile", ["name"]), ("email", ["email"]), ("address", ["address"]), ("phone", ["phone_number"])].map { scope, claims in
            OpenIDModule("oidcc-scope-" + scope) { run in try await checkScope(run, scope, claims) }
        } + [
            OpenIDModule("oidcc-scope-all") { run in
                try await checkScope(run, "profile email address phone", ["name", "email", "address", "phone_number"])
            },
            OpenIDModule("oidcc-alternate-happy-flow") { run in
                let tokens = try await run.flow(run.request(scope: "email openid"))
                _ = try await run.userInfo(tokens)
            },
        ]

    /// Claims of a scope come from UserInfo, not in the ID token (OpenID Connect Core section 5.4), and have the right form.
    private static func checkScope(_ run: OpenIDRun, _ scope: String, _ claims: [String]) async throws {
        let tokens = try await run.flow(run.request(scope: "openid " + scope))
        let info = try await run.userInfo(tokens)
        for claim in claims { try require(info[claim] != nil, "UserInfo has no `\(claim)`") }
        for name in ["email_verified", "phone_number_verified"] {
            if let value = info[name] { try require(value.bool != nil, "`\(name)` is no truth value") }
        }
        if let address = info["address"] { try require(address.object != nil, "`address` is no object") }
        if let email = info["email"] { try require(email.string?.contains("@") == true, "`email` is no address") }
        if !scope.contains("email") { try require(info["email"] == nil, "UserInfo has `email` without its scope") }
    }

    private static let prompts = [
        OpenIDModule("oidcc-display-page") { run in _ = try await run.flow(run.with("display", "page")) },
        OpenIDModule("oidcc-display-popup") { run in _ = try await run.flow(run.with("display", "popup")) },
        OpenIDModule("oidcc-prompt-login") { run in
            let first = try await run.flow(run.request())
            try await Task.sleep(for: .milliseconds(1200))
            _ = run.browser.hasTyped()
            let second = try await run.flow(run.with("prompt", "login"))
            try require(run.browser.hasTyped(), "the user was not asked to sign in again")
            if let one = first.time, let two = second.time { try require(two > one, "`auth_time` is not later") }
            try require(second.subject == first.subject, "`sub` is another")
        },
        OpenIDModule("oidcc-prompt-none-not-logged-in") { run in
            let request = run.with("prompt", "none")
            let parameters = try run.answer(try await run.authorize(request), to: request)
            try require(parameters["code"] == nil, "a code without a session")
            let known = ["login_required", "interaction_required", "consent_required", "account_selection_required"]
            try require(parameters["error"].map(known.contains) == true, "the error is `\(parameters["error"] ?? "none")`")
        },
        OpenIDModule("oidcc-prompt-none-logged-in") { run in
            let first = try await run.flow(run.request())
            _ = run.browser.hasTyped()
            let second = try await run.flow(run.with("prompt", "none"))
            try require(!run.browser.hasTyped(), "the user was asked")
            try require(second.subject == first.subject, "`sub` is another")
            try require(second.time == nil || second.time == first.time, "`auth_time` has changed")
        },
        OpenIDModule("oidcc-max-age-1") { run in
            let first = try await run.flow(run.request())
            try await Task.sleep(for: .milliseconds(2200))
            _ = run.browser.hasTyped()
            let second = try await run.flow(run.with("max_age", "1"))
            try require(run.browser.hasTyped(), "the user was not asked to sign in again")
            let time = try require(second.time, "no `auth_time` though `max_age` was sent")
            if let before = first.time { try require(time > before, "`auth_time` is not later") }
            try require(second.subject == first.subject, "`sub` is another")
        },
        OpenIDModule("oidcc-max-age-10000") { run in
            let first = try await run.flow(run.with("max_age", "15000"))
            _ = run.browser.hasTyped()
            let second = try await run.flow(run.with("max_age", "10000"))
            try require(!run.browser.hasTyped(), "the user was asked")
            try require(second.time != nil && second.time == first.time, "`auth_time` is missing or another")
        },
    ]

    private static let hints = [
        OpenIDModule("oidcc-ensure-request-with-unknown-parameter-succeeds") { run in _ = try await run.flow(run.with("extra", "foobar")) },
        OpenIDModule("oidcc-id-token-hint") { run in
            let first = try await run.flow(run.request())
            var request = run.with("prompt", "none")
            request["id_token_hint"] = first.idToken
            let second = try await run.flow(request)
            try require(second.subject == first.subject, "`sub` is another")
        },
        OpenIDModule("oidcc-login-hint") { run in _ = try await run.flow(run.with("login_hint", "buffy@example.com")) },
        OpenIDModule("oidcc-ui-locales") { run in _ = try await run.flow(run.with("ui_locales", "se")) },
        OpenIDModule("oidcc-claims-locales") { run in _ = try await run.flow(run.with("claims_locales", "se")) },
        OpenIDModule("oidcc-ensure-request-with-acr-values-succeeds") { run in
            let known = (run.metadata.value["acr_values_supported"]?.array ?? []).compactMap(\.string)
            let tokens = try await run.flow(run.with("acr_values", known.isEmpty ? "1 2" : known.prefix(2).joined(separator: " ")))
            if let context = tokens.claims["acr"] { try require(context.string?.isEmpty == false, "`acr` is no text") }
            if !known.isEmpty { try require(tokens.claims["acr"] != nil, "no `acr` came back") }
        },
    ]

    private static let requests = [
        OpenIDModule("oidcc-ensure-registered-redirect-uri") { run in
            for address in [run.plan.redirectURI + "/not-registered", "https://not-registered.example/callback"] {
                let stop = try await run.authorize(run.with("redirect_uri", address))
                guard case .page(let page, let shown) = stop else { throw ConformanceFailure(OpenIDRun.describe(stop)) }
                try require(page.status >= 400, "no error but status \(page.status)")
                try require(
                    WebAddresses.origin(shown) == WebAddresses.origin(try run.metadata.address("authorization_endpoint")),
                    "sent to `\(shown)`")
            }
        },
        OpenIDModule("oidcc-ensure-post-request-succeeds") { run in _ = try await run.flow(run.request(), byPost: true) },
        OpenIDModule("oidcc-server-client-secret-post") { run in
            let client = try require(run.plan.postClient, "the plan has no `client_secret_post`")
            let request = run.request(client: client)
            let code = try run.code(try await run.authorize(request), to: request)
            let tokens = try await run.redeem(code, request, client: client, bySecretInBody: true)
            _ = try await run.userInfo(tokens)
        },
        OpenIDModule("oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported") { run in
            var request = run.request()
            let nonce = request["nonce"]
            request["request_uri"] = "https://not-there.example/request.jwt#" + OpenIDRun.random()
            request["nonce"] = nil
            try await checkRefusal(run, request, "request_uri_not_supported", lost: nonce)
        },
        OpenIDModule("oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported") { run in
            var request = run.request()
            let nonce = OpenIDRun.random()
            request["request"] = unsigned(request, ["nonce": .string(nonce)])
            request["nonce"] = nil
            try await checkObject(run, request, nonce)
        },
        OpenIDModule("oidcc-claims-essential") { run in
            let claims = "{\"userinfo\":{\"name\":{\"essential\":true}}}"
            let tokens = try await run.flow(run.with("claims", claims))
            let info = try await run.userInfo(tokens)
            if run.metadata.value["claims_parameter_supported"]?.bool == true { try require(info["name"] != nil, "UserInfo has no `name`") }
        },
        OpenIDModule("oidcc-ensure-request-object-with-redirect-uri") { run in
            var request = run.request()
            request["request"] = unsigned(request, ["redirect_uri": .string(run.plan.redirectURI)])
            request["redirect_uri"] = run.plan.redirectURI + "/not-registered"
            let stop = try await run.authorize(request)
            if case .page(let page, _) = stop { return try require(page.status >= 400, "no error but status \(page.status)") }
            let parameters = try run.answer(stop, to: request)
            try require(
                parameters["code"] != nil || parameters["error"] == "request_not_supported",
                "the error is `\(parameters["error"] ?? "none")`")
        },
        OpenIDModule("oidcc-refresh-token") { run in try await refresh(run) },
        OpenIDModule("oidcc-ensure-request-with-valid-pkce-succeeds") { run in
            let request = run.request(pkce: true)
            let code = try run.code(try await run.authorize(request), to: request)
            var wrong = request
            wrong.verifier = OpenIDRun.random() + OpenIDRun.random()
            let form = [
                "grant_type": "authorization_code", "code": code, "redirect_uri": run.plan.redirectURI,
                "code_verifier": wrong.verifier ?? "",
            ]
            let refused = try await run.token(form)
            try require(
                refused.status == 400 && refused.body["error"] == "invalid_grant", "a wrong `code_verifier` was answered \(refused.status)")
            _ = try await run.flow(run.request(pkce: true))
        },
    ]

    private static let reuse = [
        OpenIDModule("oidcc-codereuse") { run in try await codeReuse(run, after: .zero, endsTokens: false) },
        OpenIDModule("oidcc-codereuse-30seconds") { run in try await codeReuse(run, after: run.lateness, endsTokens: true) },
    ]

    private static func codeReuse(_ run: OpenIDRun, after pause: Duration, endsTokens: Bool) async throws {
        let request = run.request()
        let code = try run.code(try await run.authorize(request), to: request)
        let tokens = try await run.redeem(code, request)
        try await Task.sleep(for: pause)
        var form = ["grant_type": "authorization_code", "code": code, "redirect_uri": run.plan.redirectURI]
        form["code_verifier"] = request.verifier
        let second = try await run.token(form)
        try require(
            second.status == 400 && second.body["error"] == "invalid_grant",
            "the second use was answered \(second.status) `\(second.body["error"]?.string ?? "")`")
        if endsTokens { try require(try await run.userInfo(tokens.access).status == 401, "the first tokens are still good") }
    }

    private static func refresh(_ run: OpenIDRun) async throws {
        let wants = run.metadata.lists("scopes_supported", "offline_access")
        var request = run.request(scope: wants ? "openid offline_access" : "openid")
        if wants { request["prompt"] = "consent" }
        let tokens = try await run.flow(request)
        let refresh = try require(tokens.refresh, "no refresh token")
        if let other = run.plan.otherClient {
            let stolen = try await run.token(["grant_type": "refresh_token", "refresh_token": refresh], client: other)
            try require(
                stolen.status == 400 && stolen.body["error"] == "invalid_grant", "another client used the refresh token: \(stolen.status)")
        }
        let (status, body) = try await run.token(["grant_type": "refresh_token", "refresh_token": refresh])
        try require(status == 200, "the refresh token was answered \(status) `\(body["error"]?.string ?? "")`")
        let access = try require(body["access_token"]?.string, "no access token")
        try require(access != tokens.access, "the access token is the same")
        if let token = body["id_token"]?.string {
            let claims = try run.metadata.verify(token, client: run.plan.client, nonce: nil, accessToken: access)
            try require(claims["sub"] == tokens.claims["sub"] && claims["iss"] == tokens.claims["iss"], "`sub` or `iss` has changed")
        }
        try require(try await run.userInfo(access).status == 200, "the new access token is not good")
    }

    // MARK: Request objects

    /// A request object with `alg` `none`.
    private static func unsigned(_ request: OpenIDRun.Request, _ more: JSONObject) -> String {
        var claims = JSONObject(request.parameters.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) })
        for member in more { claims[member.key] = member.value }
        return Base64URL.string(Array("{\"alg\":\"none\"}".utf8)) + "." + Base64URL.string(JSONValue.object(claims).bytes()) + "."
    }

    /// Either the object's values are used, or the request is refused; never may it be passed over.
    private static func checkObject(_ run: OpenIDRun, _ request: OpenIDRun.Request, _ nonce: String) async throws {
        guard run.metadata.value["request_parameter_supported"]?.bool == true else {
            return try await checkRefusal(run, request, "request_not_supported", lost: nonce)
        }
        let code = try run.code(try await run.authorize(request), to: request)
        var expected = request
        expected["nonce"] = nonce
        _ = try await run.redeem(code, expected)
    }

    private static func checkRefusal(_ run: OpenIDRun, _ request: OpenIDRun.Request, _ error: String, lost nonce: String?) async throws {
        let stop = try await run.authorize(request)
        if case .page(let page, _) = stop { return try require(page.status >= 400, "no error but status \(page.status)") }
        let parameters = try run.answer(stop, to: request)
        try require(parameters["code"] == nil, "the request object was passed over")
        try require(
            [error, "invalid_request_uri", "invalid_request"].contains(parameters["error"]),
            "the error is `\(parameters["error"] ?? "none")`")
    }
}

extension OpenIDRun {
    /// The usual request with one parameter more or another.
    func with(_ name: String, _ value: String) -> Request {
        var request = request()
        request[name] = value
        return request
    }
}
