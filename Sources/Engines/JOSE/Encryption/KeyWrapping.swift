import Crypto
import CryptoExtras
import FoundationEssentials

/// Wrapping a content key by a symmetric key (RFC 7518 sections 4.4 and 4.7).
enum KeyWrapping {
    static func wrap(_ key: [UInt8], by wrapping: [UInt8]) throws -> [UInt8] {
        [UInt8](try AES.KeyWrap.wrap(SymmetricKey(data: key), using: SymmetricKey(data: wrapping)))
    }

    static func unwrap(_ wrapped: [UInt8], by wrapping: [UInt8]) -> [UInt8]? {
        guard wrapped.count >= 24, wrapped.count % 8 == 0 else { return nil }
        return (try? AES.KeyWrap.unwrap(wrapped, using: SymmetricKey(data: wrapping))).map {
            unsafe $0.withUnsafeBytes { unsafe [UInt8]($0) }
        }
    }

    /// The ciphertext, `iv` and `tag` of AES-GCM key wrap are those of a GCM content encryption of the same key length.
    static func gcm(_ keyBytes: Int) -> ContentEncryption { keyBytes == 16 ? .a128GCM : keyBytes == 24 ? .a192GCM : .a256GCM }
}

/// RSA OAEP of RFC 7518 section 4.3.
enum RSAWrapping {
    static func wrap(_ key: [UInt8], for numbers: RSANumbers, by algorithm: KeyManagementAlgorithm) throws -> [UInt8] {
        let recipient = try _RSA.Encryption.PublicKey(n: numbers.modulus, e: numbers.exponent)
        return [UInt8](try recipient.encrypt(key, padding: padding(algorithm)))
    }

    static func unwrap(_ wrapped: [UInt8], by numbers: RSANumbers, _ algorithm: KeyManagementAlgorithm) -> [UInt8]? {
        guard wrapped.count == numbers.modulus.count, let key = try? numbers.decryptionKey() else { return nil }
        return (try? key.decrypt(wrapped, padding: padding(algorithm))).map { [UInt8]($0) }
    }

    private static func padding(_ algorithm: KeyManagementAlgorithm) -> _RSA.Encryption.Padding {
        algorithm == .rsaOAEP256 ? .PKCS1_OAEP_SHA256 : .PKCS1_OAEP
    }
}

/// Keys from passwords (RFC 7518 section 4.8).
enum PasswordDerivation {
    /// The wrapping key that grows from the password.
    static func key(
        _ password: [UInt8], salt: [UInt8], iterations: Int, for algorithm: KeyManagementAlgorithm
    ) -> [UInt8]? {
        let hash: KDF.Insecure.PBKDF2.HashFunction =
            switch algorithm {
            case .pbes2HS384A192KW: .sha384
            case .pbes2HS512A256KW: .sha512
            default: .sha256
            }
        let key = try? KDF.Insecure.PBKDF2.deriveKey(
            from: password, salt: Array(algorithm.rawValue.utf8) + [0] + salt, using: hash,
            outputByteCount: algorithm.wrappingKeyBytes ?? 0, unsafeUncheckedRounds: iterations)
        return key.map { unsafe $0.withUnsafeBytes { unsafe [UInt8]($0) } }
    }
}
