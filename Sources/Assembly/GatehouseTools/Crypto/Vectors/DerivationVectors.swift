import Crypto
import CryptoExtras
import Envelope
import StrictJSON

extension VectorCase {
    func keyDerivation() throws -> VectorVerdict {
        switch algorithm {
        case "HKDF-SHA-1": return expanded(Insecure.SHA1.self)
        case "HKDF-SHA-256": return expanded(SHA256.self)
        case "HKDF-SHA-384": return expanded(SHA384.self)
        case "HKDF-SHA-512": return expanded(SHA512.self)
        default: return unsupportedAlgorithm
        }
    }

    func passwordDerivation() throws -> VectorVerdict {
        let hashes: [String: KDF.Insecure.PBKDF2.HashFunction] = [
            "PBKDF2-HMACSHA1": .insecureSHA1, "PBKDF2-HMACSHA224": .insecureSHA224, "PBKDF2-HMACSHA256": .sha256,
            "PBKDF2-HMACSHA384": .sha384, "PBKDF2-HMACSHA512": .sha512,
        ]
        guard let hash = hashes[algorithm] else { return unsupportedAlgorithm }
        guard let rounds = int("iterationCount"), rounds > 0, let count = int("dkLen"), count > 0 else { return .refused }
        let key = try KDF.Insecure.PBKDF2.deriveKey(
            from: bytes("password"), salt: bytes("salt"), using: hash, outputByteCount: count, unsafeUncheckedRounds: rounds)
        return .output(unsafe key.withUnsafeBytes { unsafe Array($0) }, is: bytes("dk"))
    }

    func messageCode() throws -> VectorVerdict {
        switch algorithm {
        case "HMACSHA1": return code(Insecure.SHA1.self)
        case "HMACSHA256": return code(SHA256.self)
        case "HMACSHA384": return code(SHA384.self)
        case "HMACSHA512": return code(SHA512.self)
        case "HMACSHA512/256": return code(SHA512256.self)
        case "HMACSHA3-256": return code(SHA3_256.self)
        case "HMACSHA3-384": return code(SHA3_384.self)
        case "HMACSHA3-512": return code(SHA3_512.self)
        case "AES-CMAC": return truncated(try AESCMAC.code(of: bytes("msg"), key: bytes("key")))
        default: return unsupportedAlgorithm
        }
    }

    func messageCodeWithNonce() throws -> VectorVerdict {
        guard algorithm == "AES-GMAC" else { return unsupportedAlgorithm }
        return truncated(try AESGCM.seal([], key: bytes("key"), nonce: bytes("iv"), authenticating: bytes("msg")))
    }

    private func expanded<Hash: HashFunction>(_ hash: Hash.Type) -> VectorVerdict {
        let size = int("size") ?? 0
        guard size <= 255 * Hash.Digest.byteCount else { return .refused }
        let key = HKDF<Hash>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: bytes("ikm")), salt: bytes("salt"), info: bytes("info"), outputByteCount: size)
        return .output(unsafe key.withUnsafeBytes { unsafe Array($0) }, is: bytes("okm"))
    }

    private func code<Hash: HashFunction>(_ hash: Hash.Type) -> VectorVerdict {
        truncated(Array(HMAC<Hash>.authenticationCode(for: bytes("msg"), using: SymmetricKey(data: bytes("key")))))
    }

    /// The code cut to the group's tag size; a wrong tag is refused.
    private func truncated(_ code: [UInt8]) -> VectorVerdict {
        constantTimeEquals(code.prefix((int("tagSize") ?? 8 * code.count) / 8), bytes("tag")) ? .accepted : .refused
    }
}
