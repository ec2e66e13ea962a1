import Crypto
import CryptoExtras
import StrictJSON

extension VectorCase {
    func rsaPSS() throws -> VectorVerdict {
        let (hash, sizes) = (text("sha") ?? "", ["SHA-1": 20, "SHA-256": 32, "SHA-384": 48, "SHA-512": 64])
        guard text("mgf") ?? "MGF1" == "MGF1", text("mgfSha") ?? hash == hash, let size = sizes[hash], int("sLen") ?? size == size else {
            return .unsupported("PSS with other parameters than one hash and a salt of its length")
        }
        return try rsaSignature(padding: .PSS)
    }

    func rsaSignature(padding: _RSA.Signing.Padding) throws -> VectorVerdict {
        switch text("sha") ?? "" {
        case "SHA-1": return try rsaSignature(Insecure.SHA1.hash(data: bytes("msg")), padding)
        case "SHA-256": return try rsaSignature(SHA256.hash(data: bytes("msg")), padding)
        case "SHA-384": return try rsaSignature(SHA384.hash(data: bytes("msg")), padding)
        case "SHA-512": return try rsaSignature(SHA512.hash(data: bytes("msg")), padding)
        case let hash: return .unsupported("no hash `\(hash)` for RSA")
        }
    }

    private func rsaSignature(_ digest: some Digest, _ padding: _RSA.Signing.Padding) throws -> VectorVerdict {
        let key: _RSA.Signing.PublicKey
        let der = ["publicKeyDer", "keyDer", "publicKeyAsn", "keyAsn"].lazy.map { bytes($0) }.first { !$0.isEmpty } ?? []
        do { key = try _RSA.Signing.PublicKey(unsafeDERRepresentation: der) } catch {
            return .unsupported("this RSA key: \(int("keySize") ?? 0) bits, or an exponent that the library does not take")
        }
        let signature = _RSA.Signing.RSASignature(rawRepresentation: bytes("sig"))
        return key.isValidSignature(signature, for: digest, padding: padding) ? .accepted : .refused
    }

    func rsaSigning() throws -> VectorVerdict {
        let key: _RSA.Signing.PrivateKey
        do { key = try _RSA.Signing.PrivateKey(unsafeDERRepresentation: bytes("privateKeyPkcs8")) } catch {
            return .unsupported("this RSA key of \(int("keySize") ?? 0) bits")
        }
        let signature: _RSA.Signing.RSASignature
        switch text("sha") ?? "" {
        case "SHA-1": signature = try key.signature(for: Insecure.SHA1.hash(data: bytes("msg")), padding: .insecurePKCS1v1_5)
        case "SHA-256": signature = try key.signature(for: SHA256.hash(data: bytes("msg")), padding: .insecurePKCS1v1_5)
        case "SHA-384": signature = try key.signature(for: SHA384.hash(data: bytes("msg")), padding: .insecurePKCS1v1_5)
        case "SHA-512": signature = try key.signature(for: SHA512.hash(data: bytes("msg")), padding: .insecurePKCS1v1_5)
        case let hash: return .unsupported("no hash `\(hash)` for RSA")
        }
        return .output(Array(signature.rawRepresentation), is: bytes("sig"))
    }

    func rsaOAEP() throws -> VectorVerdict {
        let hash = text("sha") ?? ""
        guard text("mgfSha") ?? hash == hash, bytes("label").isEmpty else { return .unsupported("OAEP with two hashes or a label") }
        switch hash {
        case "SHA-1": return try decrypted(.PKCS1_OAEP)
        case "SHA-256": return try decrypted(.PKCS1_OAEP_SHA256)
        default: return .unsupported("OAEP with `\(hash)`")
        }
    }

    func rsaDecryption() throws -> VectorVerdict { try decrypted(._WEAK_AND_INSECURE_PKCS_V1_5) }

    private func decrypted(_ padding: _RSA.Encryption.Padding) throws -> VectorVerdict {
        let key: _RSA.Encryption.PrivateKey
        do { key = try _RSA.Encryption.PrivateKey(unsafeDERRepresentation: bytes("privateKeyPkcs8")) } catch {
            return .unsupported("this RSA key of \(int("keySize") ?? 0) bits")
        }
        return .output(Array(try key.decrypt(bytes("ct"), padding: padding)), is: bytes("msg"))
    }
}
