/// Entry points for outside bytes; none may ever trap.

/// Reads the bytes as rule text.
public func fuzzRuleText(_ bytes: [UInt8]) {
    _ = try? RuleSet([RuleSource(name: "fuzz", text: bytes)])
}

/// Has each body processor read the bytes, with the first of them as a header where one is needed.
public func fuzzBodies(_ bytes: [UInt8]) {
    let arena = Arena()
    defer { withExtendedLifetime(arena) {} }
    let body = arena.copy(bytes)
    _ = URLEncodedBody.read(body, separator: UInt8(ascii: "&"), arena) { _, _ in true }
    try? JSONBody.read(body, depthLimit: 50, arena) { _, _ in true }
    if let document = try? XMLBody.read(body, arena), let path = try? XPath("//*/@*", namespaces: [:]) {
        _ = path.values(in: document, arena)
    }
    var flags = MultipartFlags()
    let header = body.part(0, body.firstIndex(of: 10) ?? 0)
    let boundary = (try? MultipartBoundary.read(header, &flags)) ?? arena.copy("b")
    var multipart = MultipartBody(boundary: boundary, flags: flags, fileLimit: 10, partLimit: 100, arena: arena)
    try? multipart.read(body.suffix(from: header.count + 1))
    CookieHeader.read(body, settings: Settings()) { _, _ in }
}

/// Runs each transformation on the bytes.
public func fuzzTransformations(_ bytes: [UInt8]) {
    for transformation in Transformation.all { _ = transformation.run(bytes) }
}

/// Reads the bytes as a regular expression's syntax, and asks what it requires.
public func fuzzPatternSyntax(_ bytes: [UInt8]) {
    _ = Requirement.of(pattern: bytes)
}
