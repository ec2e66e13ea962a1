import JOSE
public import StrictJSON

/// A user who registers a credential.
public struct CredentialUser: Sendable {
    /// An opaque id of 1 to 64 bytes that tells nothing about the user; discoverable credentials give it back.
    public var handle: [UInt8]
    /// The account's name, such as an e-mail address.
    public var name: String
    /// The person's name.
    public var displayName: String

    /// A user.
    public init(handle: [UInt8], name: String, displayName: String) {
        self.handle = handle
        self.name = name
        self.displayName = displayName
    }
}

extension RelyingParty {
    /// A new challenge of 32 bytes: keep it with the session, use it once.
    public static func newChallenge(using random: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    /// What `PublicKeyCredential.parseCreationOptionsFromJSON` takes (section 5.1.9).
    ///
    /// - Parameters:
    ///   - excluding: Credentials the user has already, so that one authenticator is not registered twice.
    ///   - discoverable: Whether the credential must be usable without a user name; true, as passkeys are.
    /// - Throws: ``WebAuthnError/Code/configuration`` for a user handle of no or more than 64 bytes.
    public func creationOptions(
        for user: CredentialUser, challenge: [UInt8], excluding: [CredentialRecord] = [], discoverable: Bool = true
    ) throws(WebAuthnError) -> JSONValue {
        guard (1...64).contains(user.handle.count) else { throw WebAuthnError(.configuration, "a user handle has 1 to 64 bytes") }
        return [
            "rp": ["id": .string(id), "name": .string(name)],
            "user": [
                "id": .string(Base64URL.string(user.handle)), "name": .string(user.name), "displayName": .string(user.displayName),
            ],
            "challenge": .string(Base64URL.string(challenge)),
            "pubKeyCredParams": .array(algorithms.map { ["type": "public-key", "alg": JSONValue($0.rawValue)] }),
            "timeout": JSONValue(timeout.components.seconds * 1000),
            "excludeCredentials": .array(excluding.map(\.descriptor)),
            "authenticatorSelection": [
                "residentKey": discoverable ? "required" : "discouraged", "requireResidentKey": .bool(discoverable),
                "userVerification": .string(userVerification.rawValue),
            ],
            "attestation": .string(attestation.conveyance.rawValue),
            "extensions": ["credProps": true],
        ]
    }

    /// What `PublicKeyCredential.parseRequestOptionsFromJSON` takes (section 5.1.10).
    ///
    /// - Parameter allowing: The user's credentials; empty to let the authenticator offer discoverable ones.
    public func requestOptions(challenge: [UInt8], allowing: [CredentialRecord] = []) -> JSONValue {
        [
            "challenge": .string(Base64URL.string(challenge)), "timeout": JSONValue(timeout.components.seconds * 1000), "rpId": .string(id),
            "allowCredentials": .array(allowing.map(\.descriptor)), "userVerification": .string(userVerification.rawValue),
        ]
    }
}

extension CredentialRecord {
    fileprivate var descriptor: JSONValue {
        ["type": "public-key", "id": .string(Base64URL.string(id)), "transports": .array(transports.map { .string($0) })]
    }
}

func decodeBase64URL(_ text: String) -> [UInt8]? { Base64URL.decode(text) }
