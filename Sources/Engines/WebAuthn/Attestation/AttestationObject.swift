/// An attestation object taken apart (WebAuthn section 6.5.4).
struct AttestationObject: Sendable {
    /// `fmt`.
    let format: String
    /// `attStmt`.
    let statement: CBORMap
    /// `authData`.
    let data: AuthenticatorData

    init(_ bytes: [UInt8], limits: CBORReader.Limits) throws(WebAuthnError) {
        guard let map = try CBORReader.decode(bytes, limits: limits).map, map.members.count == 3, let format = map["fmt"]?.text,
            let statement = map["attStmt"]?.map, let data = map["authData"]?.bytes
        else { throw WebAuthnError(.malformed, "the attestation object is not a map of `fmt`, `attStmt` and `authData`") }
        self.format = format
        self.statement = statement
        self.data = try AuthenticatorData(data)
    }
}
