internal import Foundation
internal import GatehouseFirewall
internal import StrictJSON

/// A backend that answers what a test asks of it: `POST /reflect` with `{"status":…,"headers":{…},"body":…,"encodedBody":…}`.
///
/// Everything else gives 200; for tests that expect a backend of few paths `CONNECT` gives 405 and unknown paths 404.
enum EchoBackend {
    static func answer(to request: RawRequest, knowsFewPaths: Bool) -> WafRunner.Answer {
        let method = String(decoding: request.method, as: UTF8.self)
        let path = String(decoding: request.target.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
        if method == "CONNECT", knowsFewPaths { return WafRunner.Answer(status: 405) }
        if path.hasSuffix("/reflect"), let document = try? JSONDocument(request.body) { return reflected(document.root) }
        let known = ["/", "*", "/get", "/post", "/anything", "/status/200"]
        return WafRunner.Answer(status: !knowsFewPaths || known.contains(path) || path.hasPrefix("http") ? 200 : 404)
    }

    private static func reflected(_ root: JSONNode) -> WafRunner.Answer {
        var headers: [(String, String)] = []
        if let members = root["headers"]?.members {
            for member in members { headers.append((member.name, member.value.string ?? "")) }
        }
        if !headers.contains(where: { $0.0.lowercased() == "content-type" }) { headers.append(("Content-Type", "text/plain")) }
        var body = Array((root["body"]?.string ?? "").utf8)
        if let encoded = root["encodedBody"]?.string, let data = Data(base64Encoded: encoded) { body = Array(data) }
        return WafRunner.Answer(status: root["status"]?.int64.map { Int($0) } ?? 200, headers: headers, body: body)
    }
}
