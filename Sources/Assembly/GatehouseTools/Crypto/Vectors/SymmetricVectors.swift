import Crypto
import CryptoExtras
import Envelope
import StrictJSON

extension VectorCase {
    func authenticatedEncryption() throws -> VectorVerdict {
        let (key, nonce, data, message) = (bytes("key"), bytes("iv"), bytes("aad"), bytes("msg"))
        let sealed = bytes("ct") + bytes("tag")
        if let size = int("tagSize"), size != 128, !algorithm.hasSuffix("-HS384"), !algorithm.hasSuffix("-HS512") {
            return .unsupported("tags of \(size) bits")
        }
        switch algorithm {
        case "AES-GCM":
            return try both(sealed, message, { try AESGCM.seal(message, key: key, nonce: nonce, authenticating: data) }) {
                try AESGCM.open(sealed, key: key, nonce: nonce, authenticating: data)
            }
        case "AES-GCM-SIV":
            return try both(sealed, message, { try AESGCMSIV.seal(message, key: key, nonce: nonce, authenticating: data) }) {
                try AESGCMSIV.open(sealed, key: key, nonce: nonce, authenticating: data)
            }
        case "AEAD-AES-SIV-CMAC":
            // The tag is the synthetic IV, which stands before the ciphertext.
            let sealed = bytes("tag") + bytes("ct")
            return try both(sealed, message, { try AESSIV(key: key).seal(message, authenticating: [data, nonce]) }) {
                try AESSIV(key: key).open(sealed, authenticating: [data, nonce])
            }
        case "CHACHA20-POLY1305":
            return try both(sealed, message, { try chaCha(message, key, nonce, data) }) {
                try Array(
                    ChaChaPoly.open(
                        ChaChaPoly.SealedBox(nonce: ChaChaPoly.Nonce(data: nonce), ciphertext: bytes("ct"), tag: bytes("tag")),
                        using: chaChaKey(key), authenticating: data))
            }
        case "XCHACHA20-POLY1305":
            return try both(sealed, message, { try XChaCha20Poly1305.seal(message, key: key, nonce: nonce, authenticating: data) }) {
                try XChaCha20Poly1305.open(sealed, key: key, nonce: nonce, authenticating: data)
            }
        case "A128CBC-HS256": return try composite(SHA256.self)
        case "A192CBC-HS384": return try composite(SHA384.self)
        case "A256CBC-HS512": return try composite(SHA512.self)
        default: return unsupportedAlgorithm
        }
    }

    func deterministicEncryption() throws -> VectorVerdict {
        guard algorithm == "AES-SIV-CMAC" else { return unsupportedAlgorithm }
        let (sealed, data, message) = (bytes("ct"), bytes("aad"), bytes("msg"))
        let cipher = try AESSIV(key: bytes("key"))
        return try both(sealed, message, { try cipher.seal(message, authenticating: [data]) }) {
            try cipher.open(sealed, authenticating: [data])
        }
    }

    func keyWrap() throws -> VectorVerdict {
        let (key, message, wrapped) = (bytes("key"), bytes("msg"), bytes("ct"))
        switch algorithm {
        case "AES-WRAP":
            return try both(wrapped, message, { try AESKeyWrap.wrap(message, with: key) }) { try AESKeyWrap.unwrap(wrapped, with: key) }
        case "AES-KWP":
            return try both(wrapped, message, { try AESKeyWrap.wrapPadded(message, with: key) }) {
                try AESKeyWrap.unwrapPadded(wrapped, with: key)
            }
        default: return unsupportedAlgorithm
        }
    }

    func blockChaining() throws -> VectorVerdict {
        guard algorithm == "AES-CBC-PKCS5" else { return unsupportedAlgorithm }
        let (key, message, ciphertext) = (SymmetricKey(data: bytes("key")), bytes("msg"), bytes("ct"))
        let iv = try AES._CBC.IV(ivBytes: bytes("iv"))
        return try both(ciphertext, message, { Array(try AES._CBC.encrypt(message, using: key, iv: iv)) }) {
            Array(try AES._CBC.decrypt(ciphertext, using: key, iv: iv))
        }
    }

    func formatPreservingList() throws -> VectorVerdict {
        guard algorithm == "AES-FF1" else { return unsupportedAlgorithm }
        let numerals = { (key: String) in try (test[key].map { Array($0.elements) } ?? []).map { try numeral($0.int64) } }
        let (message, ciphertext) = (try numerals("msg"), isValid ? try numerals("ct") : [])
        let cipher = try FF1(key: bytes("key"), radix: int("radix") ?? 0, minimumDomain: 0)
        let sealed = try cipher.encrypt(message, tweak: bytes("tweak"))
        guard isValid else { return .accepted }
        let opened = try cipher.decrypt(ciphertext, tweak: bytes("tweak"))
        return sealed == ciphertext && opened == message ? .accepted : .wrong("another output")
    }

    func formatPreservingText() throws -> VectorVerdict {
        guard algorithm == "AES-FF1" || algorithm == "ACVP-AES-FF1" else { return unsupportedAlgorithm }
        let (message, ciphertext) = (text("msg") ?? text("pt") ?? "", text("ct") ?? "")
        let alphabet = text("alphabet") ?? ""
        guard message.allSatisfy(alphabet.contains), ciphertext.allSatisfy(alphabet.contains) else { return .refused }
        let cipher = try FormatPreserving(key: bytes("key"), alphabet: alphabet, minimumDomain: 0)
        let sealed = try cipher.encrypt(message, tweak: bytes("tweak"))
        let opened = try cipher.decrypt(ciphertext, tweak: bytes("tweak"))
        return sealed == ciphertext && opened == message ? .accepted : .wrong("another output")
    }

    /// Opens, and for valid tests also seals, since only then the file states what sealing gives.
    private func both(
        _ sealed: [UInt8], _ message: [UInt8], _ seal: () throws -> [UInt8], _ open: () throws -> [UInt8]
    ) throws -> VectorVerdict {
        let opened = try open()
        guard opened == message else { return .wrong("opening gives another message") }
        guard isValid else { return .accepted }
        return .output(try seal(), is: sealed)
    }

    private func numeral(_ value: Int64?) throws -> UInt16 {
        guard let value, let numeral = UInt16(exactly: value) else { throw EnvelopeError(.domain, "not a numeral") }
        return numeral
    }

    private func chaChaKey(_ key: [UInt8]) throws -> SymmetricKey {
        guard key.count == 32 else { throw EnvelopeError(.size, "a ChaCha20 key has 32 bytes") }
        return SymmetricKey(data: key)
    }

    private func chaCha(_ message: [UInt8], _ key: [UInt8], _ nonce: [UInt8], _ data: [UInt8]) throws -> [UInt8] {
        let box = try ChaChaPoly.seal(message, using: chaChaKey(key), nonce: ChaChaPoly.Nonce(data: nonce), authenticating: data)
        return Array(box.ciphertext) + Array(box.tag)
    }

    /// AES-CBC with HMAC (RFC 7518 §5.2).
    private func composite<Hash: HashFunction>(_ hash: Hash.Type) throws -> VectorVerdict {
        let (key, data, message, ciphertext) = (bytes("key"), bytes("aad"), bytes("msg"), bytes("ct"))
        let half = Hash.Digest.byteCount / 2
        guard key.count == 2 * half, half == 16 || half == 24 || half == 32 else { return .refused }
        let iv = try AES._CBC.IV(ivBytes: bytes("iv"))
        let bits = UInt64(data.count) * 8
        let length = (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) }
        let code = HMAC<Hash>.authenticationCode(
            for: data + bytes("iv") + ciphertext + length, using: SymmetricKey(data: key.prefix(half)))
        guard constantTimeEquals(Array(code).prefix(half), bytes("tag")) else { return .refused }
        let cipherKey = SymmetricKey(data: key.suffix(half))
        return try both(ciphertext, message, { Array(try AES._CBC.encrypt(message, using: cipherKey, iv: iv)) }) {
            Array(try AES._CBC.decrypt(ciphertext, using: cipherKey, iv: iv))
        }
    }
}
