import GatehouseIdentity
import StrictJSON
import Testing

@Suite struct AuthorizeTests {
    @Test(arguments: [
        (["client_id": "nobody"], "invalid_client"), (["client_id": ""], "invalid_request"), (["redirect_uri": ""], "invalid_request"),
        (["redirect_uri": "https://app.example/callback/"], "invalid_request"), (["redirect_uri": "https://app.example/callback?x=1"], "invalid_request"),
        (["redirect_uri": "https://APP.example/callback"], "invalid_request"),
        (["request_uri": "urn:ietf:params:oauth:request_uri:gatepr_x"], "invalid_request_uri"),
    ])
    func `errors that cannot be sent anywhere are shown`(change: [String: String], code: String) async throws {
        let house = try await TestHouse()
        guard case .page(let error) = try await house.server.authorize(FormParameters(TestHouse.request("app", change)), session: nil) else {
            Issue.record("no page")
            return
        }
        #expect(error.code.rawValue == code)
    }

    @Test(arguments: [
        (["response_type": ""], "invalid_request"), (["response_type": "token"], "unsupported_response_type"),
        (["response_type": "code id_token"], "unsupported_response_type"), (["scope": ""], "invalid_scope"), (["scope": "admin"], "invalid_scope"),
        (["code_challenge": ""], "invalid_request"), (["code_challenge_method": "plain"], "invalid_request"),
        (["code_challenge_method": ""], "invalid_request"), (["code_challenge": "short"], "invalid_request"), (["request": "a.b.c"], "request_not_supported"),
        (["request_uri": "https://app.example/request"], "request_uri_not_supported"), (["resource": "https://else.example"], "invalid_target"),
        (["prompt": "none login"], "invalid_request"), (["max_age": "-1"], "invalid_request"), (["max_age": "x"], "invalid_request"),
        (["claims": "[]"], "invalid_request"), (["id_token_hint": "a.b.c"], "invalid_request"), (["response_mode": "fragment"], "invalid_request"),
        (["prompt": "none"], "consent_required"),
    ])
    func `errors go back to the client with state and issuer`(change: [String: String], code: String) async throws {
        let house = try await TestHouse()
        guard case .respond(let response) = try await house.server.authorize(FormParameters(TestHouse.request("app", change)), session: house.session)
        else {
            Issue.record("no answer")
            return
        }
        let answer = try TestHouse.answer(response)
        #expect(answer["error"] == code && answer["state"] == "st" && answer["code"] == nil)
    }

    func step(_ house: TestHouse, _ change: [String: String] = [:], session: LoginSession? = nil, begun: Int64? = nil) async throws -> String {
        switch try await house.server.authorize(FormParameters(TestHouse.request("app", change)), session: session, begun: begun) {
        case .page(let error): return "page \(error.code.rawValue)"
        case .signIn(_, let reason): return "sign in: \(reason.rawValue)"
        case .consent: return "consent"
        case .respond(let response): return "respond \(try TestHouse.answer(response)["error"] ?? "code")"
        }
    }

    @Test func `the user signs in when the client wants it, and once is enough`() async throws {
        let house = try await TestHouse()
        let session = house.session
        #expect(try await step(house) == "sign in: noSession")
        #expect(try await step(house, ["prompt": "none"]) == "respond login_required")
        #expect(try await step(house, session: session) == "consent")
        house.clock.advance(100)
        let begun = house.clock.now
        #expect(try await step(house, ["prompt": "login"], session: session) == "sign in: prompted")
        #expect(try await step(house, ["max_age": "50"], session: session) == "sign in: tooOld")
        #expect(try await step(house, ["max_age": "500"], session: session) == "consent")
        house.clock.advance(5)
        let fresh = house.session
        #expect(try await step(house, ["prompt": "login"], session: fresh, begun: begun) == "consent")
        #expect(try await step(house, ["max_age": "0"], session: fresh, begun: begun) == "consent")
        #expect(try await step(house, ["acr_values": "urn:gatehouse:acr:passkey"], session: session) == "sign in: tooWeak")
        #expect(try await step(house, ["acr_values": "urn:gatehouse:acr:password"], session: session) == "consent")
        #expect(try await step(house, ["acr_values": "level9"], session: session) == "consent")
    }

    @Test func `consent is asked for once, and again for more`() async throws {
        let house = try await TestHouse()
        #expect(try await step(house, session: house.session) == "consent")
        _ = try await house.authorize()
        #expect(try await step(house, session: house.session) == "respond code")
        #expect(try await step(house, ["prompt": "none"], session: house.session) == "respond code")
        #expect(try await step(house, ["scope": "openid email"], session: house.session) == "consent")
        #expect(try await step(house, ["prompt": "consent"], session: house.session) == "consent")
    }

    @Test func `a hint must be a token of ours, of the same user`() async throws {
        let house = try await TestHouse()
        let token = try await house.tokens()["id_token"]?.string ?? ""
        house.clock.advance(100_000)
        #expect(try await step(house, ["id_token_hint": token], session: house.session) == "respond code")
        var other = house.session
        other.userID = "bob"
        #expect(try await step(house, ["id_token_hint": token, "prompt": "none"], session: other) == "respond login_required")
    }

    @Test func `a refusal goes back as access_denied`() async throws {
        let house = try await TestHouse()
        guard case .consent(let request) = try await house.server.authorize(FormParameters(TestHouse.request()), session: house.session) else {
            Issue.record("no consent")
            return
        }
        #expect(try TestHouse.answer(try await house.server.deny(request))["error"] == "access_denied")
    }

    @Test func `the form answer posts itself and works without scripts`() async throws {
        let house = try await TestHouse()
        _ = try await house.authorize()
        let request = FormParameters(TestHouse.request("app", ["response_mode": "form_post", "state": "\"><script>"]))
        guard case .respond(let response) = try await house.server.authorize(request, session: house.session) else {
            Issue.record("no answer")
            return
        }
        let page = String(decoding: response.body, as: UTF8.self)
        #expect(page.contains("action=\"\(TestHouse.redirect)\"") && page.contains("<button>") && page.contains("name=\"code\""))
        #expect(page.contains("&quot;&gt;&lt;script&gt;") && !page.contains("\"><script>document") && response["Content-Security-Policy"] != nil)
    }

    @Test func `the port of an address on this machine may differ`() async throws {
        let house = try await TestHouse()
        try await house.add("native", secret: nil) {
            $0.authentication = .none
            $0.redirectURIs = ["http://127.0.0.1/cb"]
        }
        for (address, isRight) in [
            ("http://127.0.0.1:5123/cb", true), ("http://127.0.0.1/cb", true), ("http://127.0.0.1:5123/other", false),
            ("http://127.0.0.1.evil.net/cb", false), ("http://127.0.0.1:@evil.net/cb", false), ("http://localhost:1/cb", false),
        ] {
            let request = FormParameters(TestHouse.request("native", ["redirect_uri": address]))
            if case .page = try await house.server.authorize(request, session: nil) { #expect(!isRight, "\(address)") } else { #expect(isRight, "\(address)") }
        }
    }

    @Test func `a pushed request is used once, by its client, in time`() async throws {
        let house = try await TestHouse()
        try await house.add("pushing") { $0.requiresPushedRequests = true }
        var parameters = TestHouse.request("pushing")
        guard case .page = try await house.server.authorize(FormParameters(parameters), session: nil) else {
            Issue.record("a request was accepted that was not pushed")
            return
        }
        parameters["client_secret"] = TestHouse.secret
        func push(_ change: [String: String] = [:]) async throws -> (Int, JSONValue) {
            let response = await house.server.push(IdentityRequest(parameters: FormParameters(parameters.merging(change) { $1 })))
            return (response.status, try JSONValue(parsing: response.body))
        }
        #expect(try await push(["code_challenge_method": "plain"]).1.errorCode == "invalid_request")
        #expect(try await push(["redirect_uri": "https://evil.example"]).0 == 400)
        #expect(try await push(["request_uri": "urn:x"]).1.errorCode == "invalid_request")
        let (status, body) = try await push()
        #expect(status == 201 && body["expires_in"] == 60)
        let short = ["client_id": "pushing", "request_uri": body["request_uri"]?.string ?? ""]
        for _ in 0..<2 {
            guard case .signIn = try await house.server.authorize(FormParameters(short), session: nil) else {
                Issue.record("a visit before the sign-in has used the request up")
                return
            }
        }
        let foreign = short.merging(["client_id": "app"]) { $1 }
        guard case .page = try await house.server.authorize(FormParameters(foreign), session: nil) else {
            Issue.record("another client used the request")
            return
        }
        let answer = try await house.authorize(short)
        #expect(answer["code"] != nil && answer["state"] == "st")
        await #expect(throws: OAuthError(.invalidRequestURI, "")) { try await house.authorize(short) }
        let late = try await push().1["request_uri"]?.string ?? ""
        house.clock.advance(60)
        await #expect(throws: OAuthError(.invalidRequestURI, "")) { try await house.authorize(["client_id": "pushing", "request_uri": late]) }
    }
}
