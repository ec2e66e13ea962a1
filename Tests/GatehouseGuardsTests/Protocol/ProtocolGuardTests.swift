import GatehouseConfiguration
import GatehouseCore
import GatehouseTesting
import HTTPWire
import Testing

@testable import GatehouseGuards

@Suite struct ProtocolGuardTests {
    private func rule(
        _ target: String = "/", _ fields: KeyValuePairs<String, String> = [:], method: HTTPMethod = .get,
        framing: BodyFraming = .none, _ change: (inout ProtocolGuardSettings) -> Void = { _ in }
    ) -> String {
        var settings = ProtocolGuardSettings()
        change(&settings)
        let house = TestHouse([ProtocolGuard(settings)])
        let exchange = house.exchange(method, target, fields)
        exchange.request.framing = framing
        return house.request(exchange).refusal?.rule ?? "pass"
    }

    @Test(arguments: [
        "/", "/items/42", "/a.b/..c/c../...", "/.well-known/x", "/a%20b?q=%C3%A9+x", "/%E2%82%AC", "/a;v=1/b", "/a?x=../../b&y=%2F",
        "/a?text=line%0Aline", "/100%25", "/%7Euser", "/caf\u{e9}", "/a?u=%C0",
    ])
    func ordinaryTargetsPass(target: String) { #expect(rule(target) == "pass") }

    @Test(arguments: [
        ("/../etc/passwd", "dot_segment"), ("/a/..", "dot_segment"), ("/a/./b", "dot_segment"), ("/admin/..;/x", "dot_segment"),
        ("/a/..%2fb", "dot_segment"), ("/%2e%2e/etc", "encoded_dot_segment"), ("/.%2E/etc", "encoded_dot_segment"),
        ("/a/%2e", "encoded_dot_segment"), ("/a%2fb", "encoded_slash"), ("/a%5Cb", "encoded_slash"), ("/a\\b", "backslash"),
        ("/a%00.jpg", "encoded_nul"), ("/a?x=%00", "encoded_nul"), ("/a%0d%0aSet-Cookie:x", "encoded_control"),
        ("/a%7f", "encoded_control"),
        ("/a%", "bad_escape"), ("/a%2", "bad_escape"), ("/a%zz", "bad_escape"), ("/a?x=%u0041", "bad_escape"),
        ("/%u002e%u002e/", "bad_escape"),
        ("/%252e%252e/x", "double_escape"), ("/a%252fb", "double_escape"), ("/a%255cb", "double_escape"), ("/a%25252f", "double_escape"),
        ("/%c0%ae%c0%ae/x", "overlong_utf8"), ("/%e0%80%af", "overlong_utf8"), ("/%f0%80%80%af", "overlong_utf8"),
        ("/a?x=%c0%af", "overlong_utf8"), ("/%ff", "bad_utf8"), ("/%ed%a0%80", "bad_utf8"),
    ])
    func disguisedTargetsAreRefused(target: String, expected: String) { #expect(rule(target) == expected) }

    @Test func rawOverlongBytesAreRefused() {
        let house = TestHouse([ProtocolGuard(ProtocolGuardSettings())])
        let exchange = house.exchange()
        exchange.request.setTarget([0x2F, 0xC0, 0xAF, 0x61])
        #expect(house.request(exchange).refusal?.rule == "overlong_utf8")
    }

    @Test func emptySegmentsAreMergedAndRecorded() {
        let house = TestHouse([ProtocolGuard(ProtocolGuardSettings())])
        let exchange = house.exchange(.get, "//a///b/?x=//y")
        #expect(house.request(exchange).isPass)
        #expect(exchange.request.targetText == "/a/b/?x=//y")
        #expect(exchange.request.path == "/a/b/")
        #expect(house.recorder.rules == ["empty_segment"])
    }

    @Test func settingsOpenWhatTheyName() {
        #expect(rule("/a%2Fb") { $0.allowsEncodedSlashes = true } == "pass")
        #expect(rule("/", ["x_y": "1"]) { $0.allowsUnderscores = true } == "pass")
    }

    @Test(arguments: [
        ("x_forwarded_for", "underscore_field"), ("gatehouse_identity", "underscore_field"), ("x.forwarded.for", "field_alias"),
        ("content~length", "field_alias"), ("x-http-method-override", "method_override"), ("x-original-url", "target_override"),
        ("proxy", "httpoxy"), ("x-custom", "pass"), ("x.custom", "pass"),
    ])
    func fieldsThatReadLikeOthersAreRefused(name: String, expected: String) { #expect(rule("/", [name: "1"]) == expected) }

    @Test(arguments: ["content-type", "authorization", "cookie", "dpop", "range", "origin", "sec-fetch-site"])
    func whatMayBeThereOnceIsThereOnce(name: String) {
        #expect(rule("/", [name: "a", "accept": "x", name: "b"]) == "duplicate_field")
    }

    @Test func listsMayComeInSeveralLines() {
        #expect(rule("/", ["accept": "a", "accept": "b", "x-forwarded-for": "1", "x-forwarded-for": "2"]) == "pass")
    }

    @Test(arguments: [
        ("bytes=0-99", "pass"), ("bytes=0-1,5-6,-10", "pass"), ("items=0-5,0-5", "pass"), ("bytes=0-,0-,0-,0-", "range"),
        ("bytes=0-10,5-20", "range"), ("bytes=9-1", "range"), ("bytes=a-b", "range"), ("bytes=", "range"),
        ("bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16", "range"), ("bytes=99999999999999999999-", "range"),
    ])
    func absurdRangesAreRefused(value: String, expected: String) { #expect(rule("/", ["range": value]) == expected) }

    @Test(arguments: [
        ("application/json, text/plain", "content_type"), ("multipart/form-data; boundary=\"a,b\"", "pass"), ("text/plain", "pass"),
        ("text/plain; x=\"\\\"\", text/html", "content_type"),
    ])
    func aContentTypeIsOneType(value: String, expected: String) { #expect(rule("/", ["content-type": value], method: .post) == expected) }

    @Test func aBodyWithGetIsRefused() {
        #expect(rule(framing: .length(5)) == "stray_body")
        #expect(rule(framing: .chunked) == "stray_body")
        #expect(rule(framing: .length(0)) == "pass")
        #expect(rule(method: .delete, framing: .length(5)) == "pass")
    }

    @Test(arguments: [HTTPMethod.trace, .connect, .other("PROPFIND"), .other("get")]) func otherMethodsAreRefused(method: HTTPMethod) {
        let house = TestHouse([ProtocolGuard(ProtocolGuardSettings())])
        let exchange = house.exchange(method)
        house.finish(exchange, house.request(exchange))
        #expect(exchange.response.status == 405)
        #expect(exchange.response.fields["allow"] == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
    }
}
