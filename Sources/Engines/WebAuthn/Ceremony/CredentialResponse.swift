import StrictJSON

/// A browser's answer to a registration, as `PublicKeyCredential.toJSON` writes it (section 5.1.7).
public struct RegistrationResponse: Sendable {
    /// The credential's id.
    public var id: [UInt8]
    /// `clientDataJSON`.
    public var clientData: [UInt8]
    /// `attestationObject`.
    public var attestationObject: [UInt8]
    /// `transports`; unknown values are kept.
    public var transports: [String]

    /// An answer taken apart already.
    public init(id: [UInt8], clientData: [UInt8], attestationObject: [UInt8], transports: [String] = []) {
        self.id = id
        self.clientData = clientData
        self.attestationObject = attestationObject
        self.transports = transports
    }

    /// Reads an answer from JSON text of at most 256 KiB.
    ///
    /// - Throws: ``WebAuthnError/Code/malformed``.
    public init(parsing text: [UInt8]) throws(WebAuthnError) {
        let root = try credential(text)
        id = try root.bytes("id")
        guard let response = root["response"] else { throw WebAuthnError(.malformed, "`response` is missing") }
        clientData = try response.bytes("clientDataJSON")
        attestationObject = try response.bytes("attestationObject")
        transports = Array((response["transports"].map { Array($0.elements) } ?? []).compactMap(\.string).prefix(16))
    }
}

/// A browser's answer to an authentication.
public struct AuthenticationResponse: Sendable {
    /// The credential's id.
    public var id: [UInt8]
    /// `clientDataJSON`.
    public var clientData: [UInt8]
    /// `authenticatorData`.
    public var authenticatorData: [UInt8]
    /// `signature`.
    public var signature: [UInt8]
    /// `userHandle`, which discoverable credentials give.
    public var userHandle: [UInt8]?

    /// An answer taken apart already.
    public init(id: [UInt8], clientData: [UInt8], authenticatorData: [UInt8], signature: [UInt8], userHandle: [UInt8]? = nil) {
        self.id = id
        self.clientData = clientData
        self.authenticatorData = authenticatorData
        self.signature = signature
        self.userHandle = userHandle
    }

    /// Reads an answer from JSON text of at most 256 KiB.
    ///
    /// - Throws: ``WebAuthnError/Code/malformed``.
    public init(parsing text: [UInt8]) throws(WebAuthnError) {
        let root = try credential(text)
        id = try root.bytes("id")
        guard let response = root["response"] else { throw WebAuthnError(.malformed, "`response` is missing") }
        clientData = try response.bytes("clientDataJSON")
        authenticatorData = try response.bytes("authenticatorData")
        signature = try response.bytes("signature")
        let handle = response["userHandle"]
        userHandle = handle == nil || handle?.isNull == true ? nil : try response.bytes("userHandle")
    }
}

private func credential(_ text: [UInt8]) throws(WebAuthnError) -> JSONNode {
    var limits = JSONLimits()
    limits.bytes = 256 << 10
    limits.depth = 12
    limits.elements = 2000
    guard let root = try? JSONDocument(text, limits: limits).root, root.kind == .object else {
        throw WebAuthnError(.malformed, "the credential is not strict json")
    }
    guard root["type"]?.string == "public-key", let id = root["id"]?.string, root["rawId"]?.string ?? id == id else {
        throw WebAuthnError(.malformed, "`type` is not `public-key`, or `id` and `rawId` differ")
    }
    return root
}

extension JSONNode {
    fileprivate func bytes(_ name: String) throws(WebAuthnError) -> [UInt8] {
        guard let bytes = (self[name]?.string).flatMap({ decodeBase64URL($0) }) else {
            throw WebAuthnError(.malformed, "`\(name)` is not canonical base64url")
        }
        return bytes
    }
}
