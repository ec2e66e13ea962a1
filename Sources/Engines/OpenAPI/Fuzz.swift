/// Loads any bytes as a description and, where it loads, judges a request by each operation; must return for every input.
package func fuzzOpenAPIDocument(_ bytes: [UInt8]) {
    var limits = DocumentLimits()
    limits.nodes = 100_000
    guard let api = try? OpenAPIValidator(name: "fuzz.yaml", bytes: bytes, limits: limits) else { return }
    for operation in api.operations.prefix(20) {
        let head = RequestHead(
            method: operation.method, target: operation.path + "?a=1&b[c]=2",
            headers: HeaderList([("content-type", operation.requestTypes.first ?? "")]))
        _ = api.validate(head, body: Array("{\"a\":1}".utf8))
    }
}

/// Splits any bytes into the parts of a request and judges it by a description that uses every style and body; must return for every input.
///
/// The first line is the target, the second the content type, the third a cookie, the rest the body.
package func fuzzOpenAPIRequest(_ bytes: [UInt8], _ api: OpenAPIValidator) {
    let lines = bytes.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    func line(_ number: Int) -> String { number < lines.count ? lines[number] : "" }
    let headers: HeaderList = [
        "content-type": line(1), "cookie": line(2), "accept": line(2), "x-list": line(2), "authorization": line(2),
        "content-encoding": line(2),
    ]
    for method in ["GET", "POST"] {
        let head = RequestHead(method: method, target: line(0), headers: headers)
        let verdict = api.validate(head, body: method == "GET" ? [] : Array(line(3).utf8))
        if let operation = verdict.operation {
            _ = api.validateResponse(to: operation, status: 200, headers: headers, body: Array(line(3).utf8))
        }
    }
}

/// Reads any bytes as each kind of body; must return for every input.
package func fuzzOpenAPIBodies(_ bytes: [UInt8]) {
    var xml = XMLReader(bytes)
    _ = try? xml.read()
    if let type = MediaType("multipart/form-data; boundary=B") { _ = try? MultipartReader(bytes, contentType: type, limit: 50).parts() }
    _ = try? QueryString(bytes[...], limit: 100)
    let limits = ContentCodingLimits(outputBytes: 1 << 20, ratio: 100)
    for coding in [ContentCoding.gzip, .deflate, .brotli] { _ = try? ContentCoding.decode(bytes, [coding], limits: limits) }
    let text = String(decoding: bytes, as: UTF8.self)
    _ = MediaType(text)
    _ = AcceptHeader([text]).accepts(MediaType.impossible)
    _ = try? PathTemplate("/" + text)
    _ = ServerBase.bases(url: text, variables: ["a": ["1", "2"]])
    for kind in [BodyKind.jsonLines, .jsonSequence, .eventStream] {
        _ = try? SequentialReading(options: OpenAPIOptions()).items(bytes, kind)
    }
}
