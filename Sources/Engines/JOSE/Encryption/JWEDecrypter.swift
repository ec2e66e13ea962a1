/// Opens JSON Web Encryption messages (RFC 7516) by keys that were given to it and by nothing else.
///
/// Refuses: `RSA1_5`, compressed content, algorithms that the key or the caller does not allow, every `crit`, tags and
/// vectors of another length than the algorithm's. Whatever fails inside the cryptography is one error without detail.
public struct JWEDecrypter: Sendable {
    /// What a decrypter accepts.
    public struct Options: Sendable {
        /// Key management algorithms; all but those by password.
        public var algorithms: Set<KeyManagementAlgorithm> = .recommended
        /// Content encryptions; all.
        public var encryptions = Set(ContentEncryption.allCases)
        /// Largest message, in bytes; 1 MiB.
        public var limit = 1 << 20
        /// Most PBKDF2 iterations that a message may demand, where ``algorithms`` has password-based ones; 1,000,000.
        public var maximumIterations: Int64 = 1_000_000

        /// The defaults.
        public init() {}
    }

    private let keys: [DecryptionKey]
    private let hasSingleKey: Bool
    let options: Options

    /// A decrypter by one key. A `kid` in a header must be the key's, if it has one.
    ///
    /// - Throws: what ``DecryptionKey/init(_:allowing:)`` throws.
    public init(_ key: JSONWebKey, options: Options = Options()) throws(JOSEError) {
        keys = [try DecryptionKey(key, allowing: options.algorithms)]
        hasSingleKey = true
        self.options = options
    }

    /// A decrypter by the keys of a set that fit; those that do not are passed over.
    ///
    /// - Throws: ``JOSEError/Code/noMatchingKey`` where none fits.
    public init(_ set: JSONWebKeySet, options: Options = Options()) throws(JOSEError) {
        keys = set.keys.compactMap { try? DecryptionKey($0, allowing: options.algorithms) }
        hasSingleKey = false
        self.options = options
        guard !keys.isEmpty else { throw JOSEError(.noMatchingKey, "no key of the set can decrypt") }
    }

    /// Opens a compact message.
    ///
    /// - Throws: ``JOSEError``.
    public func decrypt(_ message: [UInt8]) throws(JOSEError) -> DecryptedJWE {
        let form = try CompactForm(message, parts: 5, limit: options.limit)
        let header = try JWEHeader(protected: form.decode(0, of: message, "header"))
        let encryptedKey = try form.decode(1, of: message, "encrypted key")
        let sealed = ContentEncryption.Sealed(
            iv: try form.decode(2, of: message, "initialization vector"),
            ciphertext: try form.decode(3, of: message, "ciphertext"),
            tag: try form.decode(4, of: message, "authentication tag"))
        return try open(header, encryptedKey, sealed, context: Array(message[..<form.dots[0]]))
    }

    /// Opens a compact message, as ``decrypt(_:)-([UInt8])`` does.
    public func decrypt(_ message: String) throws(JOSEError) -> DecryptedJWE { try decrypt(Array(message.utf8)) }

    func open(
        _ header: JWEHeader, _ encryptedKey: [UInt8], _ sealed: ContentEncryption.Sealed, context: [UInt8]
    ) throws(JOSEError) -> DecryptedJWE {
        let key = try key(for: header)
        guard options.encryptions.contains(header.encryption), key.encryption == nil || key.encryption == header.encryption else {
            throw JOSEError(.algorithmNotAllowed, "`\(header.encryption.rawValue)` is not allowed")
        }
        if header.algorithm.isPasswordBased { try checkIterations(header.parameters) }
        let found = contentKey(header, encryptedKey, key.material).flatMap { $0.count == header.encryption.keyBytes ? $0 : nil }
        // The content is tried even without a key, so that both failures take the same way (RFC 7516 section 11.5).
        let stand = [UInt8](repeating: 0, count: header.encryption.keyBytes)
        let plaintext = header.encryption.open(sealed, key: found ?? stand, authenticating: context)
        guard let plaintext, found != nil else { throw JOSEError(.decryptionFailed, "the message does not decrypt") }
        return DecryptedJWE(header: header, plaintext: plaintext)
    }

    /// The one key that the header means.
    private func key(for header: JWEHeader) throws(JOSEError) -> DecryptionKey {
        let candidates = keys.filter { key in
            key.algorithms.contains(header.algorithm)
                && (header.keyID == nil || key.keyID == header.keyID || (hasSingleKey && key.keyID == nil))
        }
        guard candidates.count == 1 else {
            throw JOSEError(.noMatchingKey, "not exactly one key is for `\(header.algorithm.rawValue)` and this `kid`")
        }
        return candidates[0]
    }

    private func checkIterations(_ parameters: JWEHeader.Parameters) throws(JOSEError) {
        guard let iterations = parameters.iterations, iterations >= 1000, let salt = parameters.salt, salt.count >= 8 else {
            throw JOSEError(.malformed, "`p2c` under 1000 or `p2s` under 8 bytes")
        }
        guard iterations <= options.maximumIterations, salt.count <= 1024 else {
            throw JOSEError(.limitExceeded, "`p2c` demands more than \(options.maximumIterations) iterations, or `p2s` is too long")
        }
    }

    private func contentKey(_ header: JWEHeader, _ encryptedKey: [UInt8], _ material: KeyMaterial) -> [UInt8]? {
        if header.algorithm.hasNoEncryptedKey, !encryptedKey.isEmpty { return nil }
        switch (header.algorithm, material) {
        case (.direct, .symmetric(let secret)): return secret
        case (.a128KW, .symmetric(let secret)), (.a192KW, .symmetric(let secret)), (.a256KW, .symmetric(let secret)):
            return KeyWrapping.unwrap(encryptedKey, by: secret)
        case (.a128GCMKW, .symmetric(let secret)), (.a192GCMKW, .symmetric(let secret)), (.a256GCMKW, .symmetric(let secret)):
            return unwrapGCM(encryptedKey, secret, header.parameters)
        case (.rsaOAEP, .rsa(let numbers)), (.rsaOAEP256, .rsa(let numbers)):
            return RSAWrapping.unwrap(encryptedKey, by: numbers, header.algorithm)
        case (_, .symmetric(let password)) where header.algorithm.isPasswordBased:
            return unwrapByPassword(encryptedKey, password, header)
        default: return unwrapByAgreement(encryptedKey, material, header)
        }
    }

    private func unwrapGCM(_ encryptedKey: [UInt8], _ secret: [UInt8], _ parameters: JWEHeader.Parameters) -> [UInt8]? {
        guard let iv = parameters.iv, let tag = parameters.tag else { return nil }
        let sealed = ContentEncryption.Sealed(iv: iv, ciphertext: encryptedKey, tag: tag)
        return KeyWrapping.gcm(secret.count).open(sealed, key: secret, authenticating: [])
    }

    private func unwrapByPassword(_ encryptedKey: [UInt8], _ password: [UInt8], _ header: JWEHeader) -> [UInt8]? {
        guard let salt = header.parameters.salt, let iterations = header.parameters.iterations else { return nil }
        return PasswordDerivation.key(password, salt: salt, iterations: Int(iterations), for: header.algorithm)
            .flatMap { KeyWrapping.unwrap(encryptedKey, by: $0) }
    }

    private func unwrapByAgreement(_ encryptedKey: [UInt8], _ material: KeyMaterial, _ header: JWEHeader) -> [UInt8]? {
        guard let ephemeral = header.parameters.ephemeral else { return nil }
        let context = ECDHAgreement.Context(
            algorithm: header.algorithm, encryption: header.encryption, partyU: header.parameters.partyU,
            partyV: header.parameters.partyV)
        guard let agreed = ECDHAgreement.key(material, ephemeral.material, context) else { return nil }
        return header.algorithm == .ecdhES ? agreed : KeyWrapping.unwrap(encryptedKey, by: agreed)
    }
}

/// A message that has been opened.
public struct DecryptedJWE: Sendable {
    /// The header; its protected part has been authenticated with the message.
    public let header: JWEHeader
    /// The content.
    public let plaintext: [UInt8]
}
