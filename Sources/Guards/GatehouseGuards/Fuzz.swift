internal import GatehouseConfiguration
internal import HTTPWire

/// Runs every reader of outside bytes in the guards over them; never traps.
package func fuzzGuards(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    _ = ContentSecurityPolicy.intersection([text, "default-src 'none'; frame-ancestors 'none'", text])
    _ = HSTSValue.strictest([text])
    _ = PermissionsPolicyValue.join("camera=()", [text])
    _ = HeaderRanking.referrerPolicy.strictest([text], "no-referrer")
    _ = AcceptPreference.prefersHTML([text])
    _ = SameSite.holds(origin: text, host: text)
    _ = LeakText.plain(bytes)
    for coding in ["gzip", "deflate", "br", "gzip, br, deflate"] {
        _ = ContentDecoder(limit: 64 * 1024).decode(bytes, codings: [coding])
    }
    var cookies = CookieHardening()
    cookies.hostPrefix = true
    _ = CookieHardener(cookies).hardened(text, isSecure: true)
    fuzzRules(bytes, text)
}

private func fuzzRules(_ bytes: [UInt8], _ text: String) {
    var request = RequestHead()
    request.setTarget([0x2F] + bytes)
    _ = try? TargetRules(allowsEncodedSlashes: false).check(request)
    _ = try? TargetRules(allowsEncodedSlashes: true).check(request)
    _ = TargetRules.merged(request)
    request.fields.append(.range, text)
    request.fields.append(.contentType, text)
    request.fields.append(.cookie, text)
    request.fields.append("x-\(bytes.count)", text)
    _ = try? FieldRules(allowsUnderscores: true).check(request)
    _ = try? FieldRules(allowsUnderscores: true).checkBody(request)
    CookieHardener.restoreNames(&request.fields)
}
