import GatehouseConfiguration
import GatehouseCore
import GatehouseTesting
import HTTPWire
import Testing

@testable import GatehouseGuards

@Suite struct CORSGuardTests {
    private func house(_ change: (inout CORSGuardSettings) -> Void = { _ in }) -> TestHouse {
        var settings = CORSGuardSettings()
        settings.origins = [.exact("https://app.example"), .subdomains(scheme: "https://", suffix: ".app.example")]
        settings.methods = ["GET", "PUT"].compactMap(MethodName.init)
        settings.headers = [FieldName("Content-Type")!, FieldName("X-Token")!]
        change(&settings)
        return TestHouse([CORSGuard(settings)])
    }

    private func preflight(_ house: TestHouse, _ origin: String, _ method: String = "PUT", _ headers: String = "content-type") -> Exchange {
        house.exchange(
            .options, "/items",
            ["origin": origin, "access-control-request-method": method, "access-control-request-headers": headers])
    }

    @Test(arguments: ["https://app.example", "https://a.app.example"]) func aListedOriginsPreflightIsAnswered(origin: String) {
        let house = house { $0.credentials = true }
        let exchange = preflight(house, origin, "PUT", "content-type, x-token")
        let outcome = house.finish(exchange, house.request(exchange))
        #expect(outcome.localAnswer?.status == 204)
        #expect(
            Set(exchange.response.fields.texts) == [
                "access-control-allow-methods: GET, PUT", "access-control-allow-headers: content-type, x-token",
                "access-control-max-age: 600", "access-control-allow-origin: \(origin)", "access-control-allow-credentials: true",
                "vary: origin, access-control-request-method, access-control-request-headers",
            ])
    }

    @Test(arguments: [
        ("https://evil.example", "PUT", "", "origin"), ("null", "PUT", "", "origin"), ("https://app.example.evil", "PUT", "", "origin"),
        ("http://app.example", "PUT", "", "origin"), ("https://xapp.example", "PUT", "", "origin"),
        ("https://app.example", "DELETE", "", "method"), ("https://app.example", "PUT", "x-admin", "header"),
    ])
    func whatIsNotListedIsRefused(origin: String, method: String, headers: String, rule: String) {
        let house = house()
        let exchange = preflight(house, origin, method, headers)
        #expect(house.finish(exchange, house.request(exchange)).refusal?.rule == rule)
        #expect(exchange.response.fields["access-control-allow-methods"] == nil)
    }

    @Test func theServicesOwnFieldsGoWhenThereIsAPolicy() {
        let house = house()
        let exchange = house.exchange(.get, "/", ["origin": "https://evil.example"])
        house.answer(
            exchange,
            [
                "access-control-allow-origin": "https://evil.example", "access-control-allow-credentials": "true",
                "access-control-expose-headers": "x-secret", "vary": "accept",
            ])
        #expect(exchange.response.fields.texts == ["vary: accept, origin"])
    }

    @Test func anyOriginIsNeverGivenCredentials() {
        let house = house {
            $0.origins = [.any]
            $0.credentials = true
        }
        let exchange = house.exchange(.get, "/", ["origin": "https://evil.example"])
        house.answer(exchange)
        #expect(exchange.response.fields["access-control-allow-credentials"] == nil)
    }

    @Test func publicDataIsOpenToAll() {
        let house = house { $0.origins = [.any] }
        let exchange = house.exchange(.get, "/", ["origin": "https://any.example"])
        house.answer(exchange)
        #expect(exchange.response.fields.texts == ["access-control-allow-origin: *"])
    }

    @Test(arguments: [("https://evil.example", true), ("https://shop.co.uk", true), ("https://app.shop.example", false), ("null", true)])
    func aReflectedOriginOfAnotherSiteLosesCredentials(origin: String, isTakenBack: Bool) {
        let house = TestHouse([CORSGuard(CORSGuardSettings())])
        let host = origin.hasSuffix("co.uk") ? "other.co.uk" : "api.shop.example"
        let exchange = house.exchange(.get, "/", ["origin": origin], host: host)
        house.answer(exchange, ["access-control-allow-origin": origin, "access-control-allow-credentials": "true"])
        #expect((exchange.response.fields["access-control-allow-credentials"] == nil) == isTakenBack)
        #expect(house.recorder.rules == (isTakenBack ? ["reflected_origin"] : []))
    }
}

@Suite struct FetchMetadataGuardTests {
    @Test(arguments: [
        ("same-origin", "cors", "empty", HTTPMethod.post), ("none", "navigate", "document", .get), ("same-site", "no-cors", "image", .get),
        ("cross-site", "navigate", "document", .get), ("cross-site", "cors", "empty", .get), ("cross-site", "cors", "empty", .put),
        ("cross-site", "cors", "empty", .options),
    ])
    func whatIsHarmlessPasses(site: String, mode: String, destination: String, method: HTTPMethod) {
        let house = TestHouse([FetchMetadataGuard(FetchMetadataGuardSettings())])
        let exchange = house.exchange(
            method, "/", ["sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": destination])
        #expect(house.request(exchange).isPass)
    }

    @Test(arguments: [
        ("cross-site", "no-cors", "image", HTTPMethod.get), ("cross-site", "navigate", "document", .post),
        ("cross-site", "navigate", "object", .get), ("cross-site", "websocket", "empty", .get),
        ("cross-site", "no-cors", "script", .get), ("cross-site", "cors", "empty", .post),
    ])
    func whatAnotherSiteStartsIsRefused(site: String, mode: String, destination: String, method: HTTPMethod) {
        let house = TestHouse([FetchMetadataGuard(FetchMetadataGuardSettings())])
        let exchange = house.exchange(
            method, "/", ["sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": destination, "content-type": "text/plain"])
        #expect(house.request(exchange).refusal?.rule == "cross_site")
        #expect(house.recorder.decisions.first?.status == 403)
    }

    @Test func aRequestOfNoBrowserPasses() {
        let house = TestHouse([FetchMetadataGuard(FetchMetadataGuardSettings())])
        #expect(house.request(house.exchange(.post)).isPass)
    }

    @Test func openPathsAndListedOriginsPass() {
        var settings = FetchMetadataGuardSettings()
        settings.exempt = [PathPrefix("/embed")!]
        var cors = CORSGuardSettings()
        cors.origins = [.exact("https://app.example")]
        let house = TestHouse([FetchMetadataGuard(settings, cors: cors)])
        let image = house.exchange(.get, "/embed/a.png", ["sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"])
        let post = house.exchange(
            .post, "/", ["sec-fetch-site": "cross-site", "sec-fetch-mode": "cors", "origin": "https://app.example"])
        #expect(house.request(image).isPass)
        #expect(house.request(post).isPass)
    }
}
