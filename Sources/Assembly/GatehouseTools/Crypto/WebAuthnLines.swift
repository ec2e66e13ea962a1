import JOSE
import StrictJSON
import SwiftASN1
import WebAuthn
import X509

/// Judges browsers' answers to passkey ceremonies, one JSON object a line.
///
/// `{"rpId":…,"origins":[…],"challenge":…,"registration":…}` is answered by `{"ok":true,"credential":…,"trusted":…}`; with
/// `"credential"` and `"authentication"` instead, by `{"ok":true}`; else by `{"ok":false}`. Bytes are base64url, `roots` are
/// certificates in DER, `registration` and `authentication` what `PublicKeyCredential.toJSON` wrote.
public struct WebAuthnLines: Sendable {
    /// Whether the reason of a refusal is told; false.
    public var explains = false
    /// Now, in seconds since 1970, for certificates.
    public var seconds: Int64

    /// Answers at a moment.
    public init(at seconds: Int64) { self.seconds = seconds }

    /// The answer to one line.
    public func answer(_ line: String) -> String {
        do {
            return try respond(JSONValue(parsing: line)).serialized()
        } catch {
            return JSONValue.object(explains ? ["ok": false, "reason": .string("\(error)")] : ["ok": false]).serialized()
        }
    }

    private func respond(_ request: JSONValue) throws -> JSONValue {
        let party = try party(request)
        let challenge = try bytes(request["challenge"])
        if let registration = request["registration"] {
            let result = try party.register(RegistrationResponse(parsing: registration.bytes()), challenge: challenge, at: seconds)
            let record: JSONValue = [
                "id": .string(Base64URL.string(result.credential.id)), "publicKey": .string(Base64URL.string(result.credential.publicKey)),
                "signCount": JSONValue(result.credential.signCount), "backupEligible": .bool(result.credential.isBackupEligible),
            ]
            return ["ok": true, "credential": record, "trusted": .bool(result.attestation.isTrusted)]
        }
        guard let answer = request["authentication"] else { throw WebAuthnError(.malformed, "neither registration nor authentication") }
        let response = try AuthenticationResponse(parsing: answer.bytes())
        _ = try party.authenticate(
            response, challenge: challenge, credential: record(request["credential"]), owner: response.userHandle ?? [1],
            isUserIdentified: true)
        return ["ok": true]
    }

    private func party(_ request: JSONValue) throws -> RelyingParty {
        var party = try RelyingParty(
            id: request["rpId"]?.string ?? "", name: "", origins: Set((request["origins"]?.array ?? []).compactMap(\.string)))
        party.topOrigins = Set((request["topOrigins"]?.array ?? []).compactMap(\.string))
        party.allowsUnnamedTopOrigin = request["allowsUnnamedTopOrigin"]?.bool ?? false
        party.userVerification = request["userVerification"]?.string.flatMap(RelyingParty.UserVerification.init(rawValue:)) ?? .required
        var roots: [Certificate] = []
        for root in request["roots"]?.array ?? [] { roots.append(try Certificate(derEncoded: bytes(root))) }
        for format in AttestationFormat.allCases { party.attestation.trustRoots[format] = roots }
        party.attestation.requiresTrust = request["requiresTrust"]?.bool ?? false
        return party
    }

    private func record(_ value: JSONValue?) throws -> CredentialRecord {
        CredentialRecord(
            id: try bytes(value?["id"]), publicKey: try bytes(value?["publicKey"]),
            signCount: UInt32(clamping: value?["signCount"]?.int64 ?? 0), transports: [], hasVerifiedUser: true,
            isBackupEligible: value?["backupEligible"]?.bool ?? false, isBackedUp: false, aaguid: [])
    }

    private func bytes(_ value: JSONValue?) throws -> [UInt8] {
        guard let bytes = (value?.string).flatMap({ Base64URL.decode($0) }) else {
            throw WebAuthnError(.malformed, "not canonical base64url")
        }
        return bytes
    }
}
