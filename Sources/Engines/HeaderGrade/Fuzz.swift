/// Runs everything of the engine that reads outside bytes over them; never traps.
package func fuzzHeaderGrade(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let url = GradedURL("https://site.example/a/b") else { return }
    _ = GradedURL(text)?.resolving(text)
    _ = url.resolving(text)
    let names = [
        "content-security-policy", "set-cookie", "strict-transport-security", "referrer-policy", "x-frame-options",
        "cross-origin-embedder-policy", "access-control-allow-origin", "content-type",
    ]
    let response = CapturedResponse(url: url, status: 200, fields: names.map { ($0, text) }, body: text)
    _ = HeaderGrade(SiteCapture(host: "site.example", https: response, http: nil, preflight: response, history: [response]))
    let page = CapturedResponse(url: url, status: 200, fields: [("content-type", "text/html")], body: text)
    _ = HeaderGrade(SiteCapture(host: "site.example", https: page, http: page))
}
