import Crypto
import Foundation
import GatehouseIdentity
import JOSE
import StrictJSON

/// One module at work: a browser of its own, and the steps that modules are made of.
final class OpenIDRun {
    let plan: OpenIDPlan
    let transport: any WebTransport
    let browser: ConformanceBrowser
    let metadata: ProviderMetadata
    /// `form_post` where the plan is Form Post; nil for the query.
    let responseMode: String?
    let inbox: LogoutInbox?
    /// How late a late second use of a code is.
    let lateness: Duration

    init(
        _ plan: OpenIDPlan, _ transport: any WebTransport, _ metadata: ProviderMetadata, responseMode: String?, inbox: LogoutInbox?,
        lateness: Duration
    ) {
        self.lateness = lateness
        self.plan = plan
        self.transport = transport
        self.metadata = metadata
        self.responseMode = responseMode
        self.inbox = inbox
        browser = ConformanceBrowser(
            transport, tasks: plan.tasks, clientAddresses: [plan.redirectURI] + [plan.postLogoutRedirectURI].compactMap { $0 })
    }

    // MARK: Authorization

    /// What one authorization request was made with.
    struct Request {
        var parameters: [String: String]
        var verifier: String?

        subscript(name: String) -> String? {
            get { parameters[name] }
            set { parameters[name] = newValue }
        }
    }

    /// The usual request: code flow with state and nonce.
    func request(scope: String = "openid", client: OpenIDPlan.Client? = nil, pkce: Bool? = nil) -> Request {
        var request = Request(parameters: [
            "client_id": (client ?? plan.client).id, "response_type": "code", "redirect_uri": plan.redirectURI, "scope": scope,
            "state": Self.random(), "nonce": Self.random(),
        ])
        request["response_mode"] = responseMode
        if pkce ?? plan.usesPKCE {
            let verifier = Self.random() + Self.random()
            request.verifier = verifier
            request["code_challenge"] = Base64URL.string([UInt8](SHA256.hash(data: Array(verifier.utf8))))
            request["code_challenge_method"] = "S256"
        }
        return request
    }

    /// Sends the browser to the authorization endpoint.
    func authorize(_ request: Request, byPost: Bool = false) async throws -> ConformanceBrowser.Stop {
        let endpoint = try metadata.address("authorization_endpoint")
        guard byPost else {
            return try await browser.open(
                WebRequest(endpoint + (endpoint.contains("?") ? "&" : "?") + FormParameters(request.parameters).encoded))
        }
        var post = WebRequest(endpoint, form: request.parameters)
        post.fields += [
            ("origin", WebAddresses.origin(plan.redirectURI)), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"),
        ]
        return try await browser.open(post)
    }

    /// The parameters that came to the client, checked for state, issuer and the way they came.
    func answer(_ stop: ConformanceBrowser.Stop, to request: Request) throws -> FormParameters {
        guard case .client(let address, let parameters, let isPost) = stop else { throw ConformanceFailure(Self.describe(stop)) }
        try require(address.hasPrefix(plan.redirectURI), "the answer went to `\(address)`")
        try require(isPost == (responseMode == "form_post"), isPost ? "the answer came as a form" : "the answer came by redirect")
        try require(parameters["state"] == request["state"], "`state` did not come back as it was sent")
        if metadata.value["authorization_response_iss_parameter_supported"]?.bool == true || parameters["iss"] != nil {
            try require(parameters["iss"] == metadata.issuer, "`iss` of the answer is `\(parameters["iss"] ?? "missing")`")
        }
        return parameters
    }

    /// A code that came to the client.
    func code(_ stop: ConformanceBrowser.Stop, to request: Request) throws -> String {
        let parameters = try answer(stop, to: request)
        return try require(
            parameters["code"], "no code but `\(parameters["error"] ?? "nothing")`: \(parameters["error_description"] ?? "")")
    }

    static func describe(_ stop: ConformanceBrowser.Stop) -> String {
        switch stop {
        case .client(let address, let parameters, _): "came to the client at `\(address)` with \(parameters.names)"
        case .page(let page, let address): "stayed at the page `\(address.prefix { $0 != "?" })` with status \(page.status)"
        }
    }

    // MARK: Tokens

    /// Asks the token endpoint as the usual client, or another.
    func token(_ form: [String: String], client: OpenIDPlan.Client? = nil, bySecretInBody: Bool = false) async throws -> (
        status: Int, body: JSONValue
    ) {
        let client = client ?? plan.client
        var form = form
        var request: WebRequest
        if bySecretInBody {
            form["client_id"] = client.id
            form["client_secret"] = client.secret
            request = WebRequest(try metadata.address("token_endpoint"), form: form)
        } else {
            request = WebRequest(try metadata.address("token_endpoint"), form: form)
            let encode = { (text: String) in String(FormParameters(["x": text]).encoded.dropFirst(2)) }
            let pair = Data((encode(client.id) + ":" + encode(client.secret)).utf8).base64EncodedString()
            request.fields.append(("authorization", "Basic " + pair))
        }
        let answer = try await transport.send(request)
        let value = try require(try? JSONValue(parsing: answer.body), "the token endpoint answered \(answer.status) with no json")
        if answer.status == 200 {
            try require(
                answer["cache-control"]?.lowercased().contains("no-store") == true, "the token answer lacks `Cache-Control: no-store`")
        }
        return (answer.status, value)
    }

    /// Redeems a code and checks all that came.
    func redeem(
        _ code: String, _ request: Request, client: OpenIDPlan.Client? = nil, bySecretInBody: Bool = false, checksNonce: Bool = true
    ) async throws -> Tokens {
        var form = ["grant_type": "authorization_code", "code": code, "redirect_uri": plan.redirectURI]
        form["code_verifier"] = request.verifier
        let (status, body) = try await token(form, client: client, bySecretInBody: bySecretInBody)
        try require(status == 200, "the code was not redeemed: \(status) `\(body["error"]?.string ?? "")`")
        try require(body["token_type"]?.string?.lowercased() == "bearer", "`token_type` is not `Bearer`")
        let access = try require(body["access_token"]?.string, "no access token")
        if let expires = body["expires_in"] { try require((expires.int64 ?? 0) > 0, "`expires_in` is no positive number") }
        let token = try require(body["id_token"]?.string, "no ID token")
        let claims = try metadata.verify(
            token, client: client ?? plan.client, nonce: checksNonce ? request["nonce"] : nil, accessToken: access)
        return Tokens(body: body, access: access, idToken: token, claims: claims, refresh: body["refresh_token"]?.string)
    }

    /// A whole flow.
    func flow(_ request: Request, byPost: Bool = false) async throws -> Tokens {
        try await redeem(try code(try await authorize(request, byPost: byPost), to: request), request)
    }

    struct Tokens {
        let body: JSONValue
        let access: String
        let idToken: String
        let claims: JSONValue
        let refresh: String?

        var subject: String? { claims["sub"]?.string }
        var time: Int64? { claims["auth_time"]?.int64 }
    }

    // MARK: UserInfo

    enum Presentation { case header, postHeader, postBody }

    func userInfo(_ tokens: Tokens, _ way: Presentation = .header) async throws -> JSONValue {
        let answer = try await self.userInfo(tokens.access, way)
        try require(answer.status == 200, "UserInfo answered \(answer.status)")
        try require(answer["content-type"]?.lowercased().hasPrefix("application/json") == true, "UserInfo is no `application/json`")
        let value = try require(try? JSONValue(parsing: answer.body), "UserInfo is no json")
        try require(value["sub"]?.string == tokens.subject, "`sub` of UserInfo is not the ID token's")
        return value
    }

    func userInfo(_ access: String, _ way: Presentation = .header) async throws -> WebAnswer {
        let endpoint = try metadata.address("userinfo_endpoint")
        var request = WebRequest(endpoint)
        switch way {
        case .header: request.fields = [("authorization", "Bearer " + access)]
        case .postHeader:
            request = WebRequest(endpoint, form: [:])
            request.fields.append(("authorization", "Bearer " + access))
        case .postBody: request = WebRequest(endpoint, form: ["access_token": access])
        }
        return try await transport.send(request)
    }

    static func random() -> String {
        var random = SystemRandomNumberGenerator()
        return Base64URL.string((0..<24).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
}
