internal import GatehouseConfiguration
internal import GatehouseGuards
internal import HTTPWire
internal import JOSE
internal import StrictJSON

/// Runs every reader of outside bytes in authentication over them; never traps.
package func fuzzAuthentication(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    _ = HTTPAddress(text)
    _ = PasswordVerifier.parse(bytes[...])
    _ = SessionDoor.parameters(text)
    _ = SessionCookies(secret: bytes).open(text, at: 0)
    _ = try? DPoPProof(bytes, for: .init(method: "GET", address: text), lifetime: .seconds(60), skew: .zero, at: NumericDate(seconds: 0))
    var fields = FieldBlock()
    fields.append(.cookie, text)
    _ = SessionCookies.value(of: "gatehouse-session", in: fields)
    SessionCookies.takeAway(from: &fields)
    if let document = try? JSONDocument(bytes) {
        _ = try? ClaimReader.binding(document.root)
        if let issuer = HTTPAddress("https://issuer.example") { _ = IssuerDocument(document.root, of: issuer) }
    }
    if let claims = try? JWTClaims(parsing: bytes) { _ = try? ClaimReader().identity(claims, credential: .bearer) }
}
