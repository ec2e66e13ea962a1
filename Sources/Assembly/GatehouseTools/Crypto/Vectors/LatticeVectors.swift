import Crypto
import StrictJSON

extension VectorCase {
    func latticeSignature() throws -> VectorVerdict {
        let (key, signature, message, context) = (bytes("publicKey"), bytes("sig"), bytes("msg"), bytes("ctx"))
        guard context.count <= 255 else { return .refused }
        let isValid: Bool
        switch algorithm {
        case "ML-DSA-65":
            isValid = try MLDSA65.PublicKey(rawRepresentation: key).isValidSignature(signature, for: message, context: context)
        case "ML-DSA-87":
            isValid = try MLDSA87.PublicKey(rawRepresentation: key).isValidSignature(signature, for: message, context: context)
        default: return unsupportedAlgorithm
        }
        return isValid ? .accepted : .refused
    }

    /// Signing here is randomized, so the stated signature is verified rather than compared, and our own is too.
    func latticeSigning() throws -> VectorVerdict {
        guard group["privateSeed"] != nil else { return .unsupported("private keys of ML-DSA but as seeds") }
        guard test["msg"] != nil else { return .unsupported("messages of ML-DSA that are hashed outside") }
        let (seed, message, context) = (bytes("privateSeed"), bytes("msg"), bytes("ctx"))
        guard context.count <= 255 else { return .refused }
        switch algorithm {
        case "ML-DSA-65":
            let key = try MLDSA65.PrivateKey(seedRepresentation: seed, publicKey: nil)
            let own = try key.signature(for: message, context: context)
            guard key.publicKey.isValidSignature(own, for: message, context: context) else {
                return .wrong("our own signature does not verify")
            }
            return key.publicKey.isValidSignature(bytes("sig"), for: message, context: context) ? .accepted : .refused
        case "ML-DSA-87":
            let key = try MLDSA87.PrivateKey(seedRepresentation: seed, publicKey: nil)
            let own = try key.signature(for: message, context: context)
            guard key.publicKey.isValidSignature(own, for: message, context: context) else {
                return .wrong("our own signature does not verify")
            }
            return key.publicKey.isValidSignature(bytes("sig"), for: message, context: context) ? .accepted : .refused
        default: return unsupportedAlgorithm
        }
    }

    func latticeDecapsulation() throws -> VectorVerdict {
        let (seed, ciphertext) = (bytes("seed"), bytes("c"))
        switch text("parameterSet") ?? "" {
        case "ML-KEM-768":
            let key = try MLKEM768.PrivateKey(seedRepresentation: seed, publicKey: nil)
            return matched(Array(key.publicKey.rawRepresentation), try key.decapsulate(ciphertext))
        case "ML-KEM-1024":
            let key = try MLKEM1024.PrivateKey(seedRepresentation: seed, publicKey: nil)
            return matched(Array(key.publicKey.rawRepresentation), try key.decapsulate(ciphertext))
        case let set: return .unsupported("no parameter set `\(set)`")
        }
    }

    func latticeKeyGeneration() throws -> VectorVerdict {
        let seed = bytes("seed")
        switch text("parameterSet") ?? "" {
        case "ML-KEM-768":
            return .output(
                Array(try MLKEM768.PrivateKey(seedRepresentation: seed, publicKey: nil).publicKey.rawRepresentation), is: bytes("ek"))
        case "ML-KEM-1024":
            return .output(
                Array(try MLKEM1024.PrivateKey(seedRepresentation: seed, publicKey: nil).publicKey.rawRepresentation), is: bytes("ek"))
        case let set: return .unsupported("no parameter set `\(set)`")
        }
    }

    /// Encapsulation draws its own randomness, so a stated output cannot be met; a bad key must still be refused.
    func latticeEncapsulation() throws -> VectorVerdict {
        switch text("parameterSet") ?? "" {
        case "ML-KEM-768": _ = try MLKEM768.PublicKey(rawRepresentation: bytes("ek")).encapsulate()
        case "ML-KEM-1024": _ = try MLKEM1024.PublicKey(rawRepresentation: bytes("ek")).encapsulate()
        case let set: return .unsupported("no parameter set `\(set)`")
        }
        return isValid ? .unsupported("encapsulation with given randomness") : .accepted
    }

    private func matched(_ publicKey: [UInt8], _ secret: SymmetricKey) -> VectorVerdict {
        guard test["ek"] == nil || publicKey == bytes("ek") else { return .wrong("another encapsulation key") }
        return .output(unsafe secret.withUnsafeBytes { unsafe Array($0) }, is: bytes("K"))
    }
}
