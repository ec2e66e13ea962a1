public import StrictJSON

/// Encrypts messages for one recipient (RFC 7516).
public struct JWEEncrypter: Sendable {
    /// `alg`.
    public let algorithm: KeyManagementAlgorithm
    /// `enc`.
    public let encryption: ContentEncryption
    /// Iterations of PBKDF2 for password-based algorithms; 600,000.
    public var iterations = 600_000
    private let recipient: JSONWebKey

    /// An encrypter for this recipient.
    ///
    /// Refuses: keys for signatures, an algorithm that the key does not fit or is not bound to, a direct key of another length
    /// than the content encryption's.
    /// - Throws: ``JOSEError/Code/invalidKey``, ``JOSEError/Code/algorithmNotAllowed``.
    public init(
        _ recipient: JSONWebKey, algorithm: KeyManagementAlgorithm, encryption: ContentEncryption = .a256GCM
    ) throws(JOSEError) {
        guard recipient.use == nil || recipient.use == "enc" else { throw JOSEError(.invalidKey, "the key is not for encryption") }
        let bound = recipient.algorithm
        let isBoundOtherwise = bound != nil && bound != algorithm.rawValue && !(algorithm == .direct && bound == encryption.rawValue)
        guard algorithm.fits(recipient.material), !isBoundOtherwise else {
            throw JOSEError(.algorithmNotAllowed, "the key does not fit `\(algorithm.rawValue)`")
        }
        if algorithm == .direct, case .symmetric(let secret) = recipient.material, secret.count != encryption.keyBytes {
            throw JOSEError(.invalidKey, "a direct key for `\(encryption.rawValue)` has \(encryption.keyBytes) bytes")
        }
        self.recipient = recipient
        self.algorithm = algorithm
        self.encryption = encryption
    }

    /// The compact message.
    ///
    /// - Parameter members: Further protected members, such as `cty`; the encrypter's own may not be among them.
    /// - Throws: ``JOSEError/Code/malformed`` for such a member, ``JOSEError/Code/invalidKey`` where the library refuses the key.
    public func encrypt(
        _ plaintext: [UInt8], members: JSONObject = [:], using random: inout some RandomNumberGenerator
    ) throws(JOSEError) -> [UInt8] {
        let wrapped = try wrap(&random)
        var header: JSONObject = ["alg": .string(algorithm.rawValue), "enc": .string(encryption.rawValue)]
        if let keyID = recipient.keyID { header.append("kid", .string(keyID)) }
        for member in wrapped.parameters { header.append(member.key, member.value) }
        for member in members {
            guard !header.contains(key: member.key), !["zip", "crit"].contains(member.key) else {
                throw JOSEError(.malformed, "`\(member.key)` is the encrypter's own")
            }
            header.append(member.key, member.value)
        }
        let protected = Base64URL.encode(JSONValue.object(header).bytes())
        let iv = randomBytes(encryption.ivBytes, &random)
        guard let sealed = try? encryption.seal(plaintext, key: wrapped.contentKey, iv: iv, authenticating: protected) else {
            throw JOSEError(.invalidKey, "the content could not be encrypted")
        }
        let rest = [wrapped.encryptedKey, sealed.iv, sealed.ciphertext, sealed.tag]
        return rest.reduce(protected) { $0 + [UInt8(ascii: ".")] + Base64URL.encode($1) }
    }

    /// The compact message, from the system's randomness.
    public func encrypt(_ plaintext: [UInt8], members: JSONObject = [:]) throws(JOSEError) -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return try encrypt(plaintext, members: members, using: &random)
    }

    /// A content key, how it travels, and what the header says about that.
    private struct Wrapped {
        var contentKey: [UInt8]
        var encryptedKey: [UInt8] = []
        var parameters: JSONObject = [:]
    }

    private func wrap(_ random: inout some RandomNumberGenerator) throws(JOSEError) -> Wrapped {
        do {
            return try wrapContentKey(&random)
        } catch let error as JOSEError {
            throw error
        } catch {
            throw JOSEError(.invalidKey, "the content key could not be wrapped")
        }
    }

    private func wrapContentKey(_ random: inout some RandomNumberGenerator) throws -> Wrapped {
        let contentKey = randomBytes(encryption.keyBytes, &random)
        switch (algorithm, recipient.material) {
        case (.direct, .symmetric(let secret)): return Wrapped(contentKey: secret)
        case (.a128KW, .symmetric(let secret)), (.a192KW, .symmetric(let secret)), (.a256KW, .symmetric(let secret)):
            return Wrapped(contentKey: contentKey, encryptedKey: try KeyWrapping.wrap(contentKey, by: secret))
        case (.a128GCMKW, .symmetric(let secret)), (.a192GCMKW, .symmetric(let secret)), (.a256GCMKW, .symmetric(let secret)):
            let sealed = try KeyWrapping.gcm(secret.count)
                .seal(contentKey, key: secret, iv: randomBytes(12, &random), authenticating: [])
            return Wrapped(
                contentKey: contentKey, encryptedKey: sealed.ciphertext,
                parameters: ["iv": .base64URL(sealed.iv), "tag": .base64URL(sealed.tag)])
        case (.rsaOAEP, .rsa(let numbers)), (.rsaOAEP256, .rsa(let numbers)):
            return Wrapped(contentKey: contentKey, encryptedKey: try RSAWrapping.wrap(contentKey, for: numbers, by: algorithm))
        case (_, .symmetric(let password)) where algorithm.isPasswordBased:
            return try wrapByPassword(contentKey, password, &random)
        default: return try wrapByAgreement(contentKey, &random)
        }
    }

    private func wrapByPassword(
        _ contentKey: [UInt8], _ password: [UInt8], _ random: inout some RandomNumberGenerator
    ) throws -> Wrapped {
        let salt = randomBytes(16, &random)
        guard let key = PasswordDerivation.key(password, salt: salt, iterations: iterations, for: algorithm) else {
            throw JOSEError(.invalidKey, "no key could be derived")
        }
        return Wrapped(
            contentKey: contentKey, encryptedKey: try KeyWrapping.wrap(contentKey, by: key),
            parameters: ["p2s": .base64URL(salt), "p2c": JSONValue(iterations)])
    }

    private func wrapByAgreement(_ contentKey: [UInt8], _ random: inout some RandomNumberGenerator) throws -> Wrapped {
        let ephemeral = try ECDHAgreement.ephemeral(like: recipient.material, &random)
        let context = ECDHAgreement.Context(algorithm: algorithm, encryption: encryption, partyU: [], partyV: [])
        guard let agreed = ECDHAgreement.key(ephemeral.material, recipient.material, context) else {
            throw JOSEError(.invalidKey, "no key could be agreed on")
        }
        let parameters: JSONObject = ["epk": try ephemeral.json()]
        guard algorithm != .ecdhES else { return Wrapped(contentKey: agreed, parameters: parameters) }
        return Wrapped(
            contentKey: contentKey, encryptedKey: try KeyWrapping.wrap(contentKey, by: agreed), parameters: parameters)
    }
}
