import Foundation
import GatehouseIdentity
import JOSE
import StrictJSON

extension OpenIDModule {
    private static let prefix = "oidcc-rp-initiated-logout"

    /// OpenID Connect RP-Initiated Logout.
    static let logout: [OpenIDModule] = [
        OpenIDModule(prefix + "-discovery-endpoint-verification") { run in
            try require(try run.metadata.address("end_session_endpoint").contains("://"), "`end_session_endpoint` is no address")
        },
        OpenIDModule(prefix) { run in
            let tokens = try await run.flow(run.request())
            let state = OpenIDRun.random()
            let stop = try await run.logOut(["id_token_hint": tokens.idToken, "post_logout_redirect_uri": run.bye(), "state": state])
            let parameters = try require(stop.parameters, OpenIDRun.describe(stop))
            try require(parameters["state"] == state, "`state` did not come back as it was sent")
            try await run.checkSignedOut()
        },
        refused("-bad-post-logout-redirect-uri") { run, _ in ["post_logout_redirect_uri": "https://not-registered.example/bye"] },
        refused("-modified-id-token-hint") { run, token in
            let parts = token.split(separator: ".").map(String.init)
            let header = Base64URL.string(Array("{\"alg\":\"none\"}".utf8))
            return ["id_token_hint": "\(header).\(parts[1])."]
        },
        refused("-bad-id-token-hint") { run, token in ["id_token_hint": try foreign(token)] },
        refused("-no-id-token-hint") { run, _ in ["id_token_hint": nil] },
        ownPage("-no-params") { _, _ in [:] },
        ownPage("-only-state") { _, _ in ["state": OpenIDRun.random()] },
        ownPage("-no-post-logout-redirect-uri") { _, token in ["id_token_hint": token] },
        OpenIDModule(prefix + "-no-state") { run in
            let tokens = try await run.flow(run.request())
            let stop = try await run.logOut(["id_token_hint": tokens.idToken, "post_logout_redirect_uri": run.bye()])
            let parameters = try require(stop.parameters, OpenIDRun.describe(stop))
            try require(parameters["state"] == nil, "a `state` came back though none was sent")
            try await run.checkSignedOut()
        },
        refused("-query-added-to-post-logout-redirect-uri") { run, _ in ["post_logout_redirect_uri": try run.bye() + "?extra=foobar"] },
    ]

    /// OpenID Connect Back-Channel Logout.
    static let backChannel: [OpenIDModule] = [
        OpenIDModule("oidcc-backchannel-logout-discovery-endpoint-verification") { run in
            try require(run.metadata.value["backchannel_logout_supported"]?.bool == true, "`backchannel_logout_supported` is not true")
            try require(
                run.metadata.value["backchannel_logout_session_supported"].map { $0.bool != nil } ?? true,
                "`backchannel_logout_session_supported` is no truth value")
        },
        OpenIDModule("oidcc-backchannel-rp-initiated-logout") { run in
            let inbox = try require(run.inbox, "the plan has no `backchannel_port`")
            let tokens = try await run.flow(run.request())
            _ = try await run.logOut(["id_token_hint": tokens.idToken, "post_logout_redirect_uri": run.bye()])
            let token = try require(
                await inbox.next(session: tokens.claims["sid"]?.string, subject: tokens.subject), "no logout token came within 10 s")
            let claims = try run.metadata.verify(token, client: run.plan.client, nonce: nil, accessToken: nil, type: "logout+jwt")
            let kind = "http://schemas.openid.net/event/backchannel-logout"
            try require(claims["events"]?[kind]?.object != nil, "`events` has not the event")
            try require(claims["sid"] != nil || claims["sub"] != nil, "neither `sid` nor `sub`")
            try require(claims["sid"] == tokens.claims["sid"], "`sid` is not the ID token's")
        },
    ]

    /// What must not lead the browser to the client.
    private static func refused(
        _ name: String, _ change: @escaping @Sendable (OpenIDRun, String) throws -> [String: String?]
    ) -> OpenIDModule {
        OpenIDModule(prefix + name) { run in
            let tokens = try await run.flow(run.request())
            var parameters: [String: String] = ["id_token_hint": tokens.idToken, "post_logout_redirect_uri": try run.bye(), "state": "s"]
            for (name, value) in try change(run, tokens.idToken) { parameters[name] = value }
            let stop = try await run.logOut(parameters)
            guard case .page = stop else { throw ConformanceFailure(OpenIDRun.describe(stop)) }
        }
    }

    /// What signs the user out and stays at the provider.
    private static func ownPage(
        _ name: String, _ parameters: @escaping @Sendable (OpenIDRun, String) throws -> [String: String]
    ) -> OpenIDModule {
        OpenIDModule(prefix + name) { run in
            let tokens = try await run.flow(run.request())
            let stop = try await run.logOut(try parameters(run, tokens.idToken))
            guard case .page(let page, _) = stop, page.status < 400 else { throw ConformanceFailure(OpenIDRun.describe(stop)) }
            try await run.checkSignedOut()
        }
    }

    /// The same claims under a key of nobody's.
    private static func foreign(_ token: String) throws -> String {
        let payload = try require(Base64URL.decode(String(token.split(separator: ".")[1])), "the ID token has no payload")
        let claims = try require(try JSONValue(parsing: payload).object, "the ID token has no claims")
        return try JWTSigner(SigningKey(JSONWebKey.generate(for: .es256)), type: "JWT").sign(claims)
    }
}

extension OpenIDRun {
    func bye() throws -> String { try require(plan.postLogoutRedirectURI, "the plan has no `post_logout_redirect_uri`") }

    func logOut(_ parameters: [String: String]) async throws -> ConformanceBrowser.Stop {
        let endpoint = try metadata.address("end_session_endpoint")
        return try await browser.open(WebRequest(endpoint + (parameters.isEmpty ? "" : "?" + FormParameters(parameters).encoded)))
    }

    /// A silent request must fail now.
    func checkSignedOut() async throws {
        let request = with("prompt", "none")
        let parameters = try answer(try await authorize(request), to: request)
        try require(parameters["code"] == nil, "the user is still signed in")
    }
}
