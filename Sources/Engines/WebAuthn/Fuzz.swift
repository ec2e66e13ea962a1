/// Fuzz entry: bytes as CBOR, which must have one spelling alone, and as a credential key.
public func fuzzCBOR(_ bytes: [UInt8]) {
    if let value = try? CBORReader.decode(bytes) { precondition(CBORWriter.encode(value) == bytes, "cbor with two spellings was read") }
    _ = try? COSEKey(bytes)
}

/// Fuzz entry: bytes as answers of browsers, attestation objects, authenticator data and client data.
public func fuzzWebAuthn(_ bytes: [UInt8]) {
    _ = try? RegistrationResponse(parsing: bytes)
    _ = try? AuthenticationResponse(parsing: bytes)
    _ = try? AuthenticatorData(bytes)
    _ = try? ClientData(bytes)
    _ = TPMPublicArea(bytes)?.name
    _ = TPMCertifyInfo(bytes)
    _ = try? AndroidKeyDescription(bytes)
    guard let object = try? AttestationObject(bytes, limits: CBORReader.Limits()), let credential = object.data.attested else { return }
    _ = try? AttestationPolicy().judge(object, credential, clientDataHash: [UInt8](repeating: 0, count: 32), at: 0)
}
