internal import GatehouseConfiguration
internal import OpenAPI

/// Reads any bytes as each kind of body that is looked at without a document, whole and in pieces; must return for every input, and read the
/// same in pieces of every size.
///
/// - Returns: false where pieces were read differently than the whole.
package func fuzzBodies(_ bytes: [UInt8]) -> Bool {
    let settings = BodiesGuardSettings()
    let check = BodyCheck(settings: settings)
    for type in ["application/json", "application/xml", "application/x-www-form-urlencoded"] {
        guard let plan = MediaType(type).flatMap(BodyPlan.init) else { continue }
        for codings in [[], ["gzip"], ["br", "deflate"]] { try? check.check(bytes, plan, codings: codings) }
    }
    _ = try? UploadRules(settings).check(name: String(decoding: bytes, as: UTF8.self))
    let body =
        Array("--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.png\"\r\nContent-Type: image/png\r\n\r\n".utf8) + bytes
    return [bytes, body].allSatisfy { input in
        let whole = outcome(of: input, piece: max(input.count, 1), settings)
        return [1, 3, 16].allSatisfy { outcome(of: input, piece: $0, settings) == whole }
    }
}

private func outcome(of bytes: [UInt8], piece: Int, _ settings: BodiesGuardSettings) -> String {
    guard let type = MediaType("multipart/form-data; boundary=B"), var scan = UploadScan(type, UploadRules(settings)) else { return "" }
    do throws(BodyFinding) {
        for start in stride(from: 0, to: bytes.count, by: piece) { try scan.read(bytes[start..<min(start + piece, bytes.count)]) }
        try scan.end()
        return "pass"
    } catch {
        return error.rule
    }
}
