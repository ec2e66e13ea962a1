import StrictJSON

/// What the browser vouches for (WebAuthn section 5.8.1).
struct ClientData: Sendable {
    let type: String
    let challenge: [UInt8]
    let origin: String
    let crossOrigin: Bool
    let topOrigin: String?
    /// SHA-256 of the bytes, as it was signed.
    let hash: [UInt8]

    init(_ bytes: [UInt8]) throws(WebAuthnError) {
        var limits = JSONLimits()
        limits.bytes = 16 << 10
        limits.depth = 8
        limits.elements = 500
        guard let root = try? JSONDocument(bytes, limits: limits).root, root.kind == .object else {
            throw WebAuthnError(.malformed, "the client data is not strict json")
        }
        guard let type = root["type"]?.string, let origin = root["origin"]?.string,
            let challenge = (root["challenge"]?.string).flatMap({ decodeBase64URL($0) })
        else { throw WebAuthnError(.malformed, "the client data lacks `type`, `challenge` or `origin`") }
        guard root["crossOrigin"].map({ $0.bool != nil }) ?? true, root["topOrigin"].map({ $0.string != nil }) ?? true else {
            throw WebAuthnError(.malformed, "`crossOrigin` or `topOrigin` has the wrong type")
        }
        self.type = type
        self.challenge = challenge
        self.origin = origin
        crossOrigin = root["crossOrigin"]?.bool ?? false
        topOrigin = root["topOrigin"]?.string
        hash = sha256(bytes)
    }
}
