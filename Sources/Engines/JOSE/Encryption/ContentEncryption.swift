import Crypto
import CryptoExtras
import FoundationEssentials

/// How the content is encrypted: an `enc` of RFC 7518 section 5.
public enum ContentEncryption: String, Sendable, Hashable, CaseIterable {
    /// AES-CBC with 128 bits, then HMAC SHA-256.
    case a128CBCHS256 = "A128CBC-HS256"
    /// AES-CBC with 192 bits, then HMAC SHA-384.
    case a192CBCHS384 = "A192CBC-HS384"
    /// AES-CBC with 256 bits, then HMAC SHA-512.
    case a256CBCHS512 = "A256CBC-HS512"
    /// AES-GCM with 128 bits.
    case a128GCM = "A128GCM"
    /// AES-GCM with 192 bits.
    case a192GCM = "A192GCM"
    /// AES-GCM with 256 bits.
    case a256GCM = "A256GCM"

    /// Length of the content key, in bytes.
    public var keyBytes: Int {
        switch self {
        case .a128GCM: 16
        case .a192GCM: 24
        case .a256GCM, .a128CBCHS256: 32
        case .a192CBCHS384: 48
        case .a256CBCHS512: 64
        }
    }

    /// Length of the initialization vector, in bytes.
    var ivBytes: Int { isGCM ? 12 : 16 }

    /// Length of the authentication tag, in bytes; no shorter one is accepted.
    var tagBytes: Int { isGCM ? 16 : keyBytes / 2 }

    private var isGCM: Bool { self == .a128GCM || self == .a192GCM || self == .a256GCM }

    /// What was encrypted.
    struct Sealed {
        var iv: [UInt8]
        var ciphertext: [UInt8]
        var tag: [UInt8]
    }

    func seal(_ plaintext: [UInt8], key: [UInt8], iv: [UInt8], authenticating context: [UInt8]) throws -> Sealed {
        guard isGCM else { return try sealCBC(plaintext, key, iv, context) }
        let box = try AES.GCM.seal(
            plaintext, using: SymmetricKey(data: key), nonce: AES.GCM.Nonce(data: iv), authenticating: context)
        return Sealed(iv: iv, ciphertext: [UInt8](box.ciphertext), tag: [UInt8](box.tag))
    }

    /// The plaintext, or nil where anything at all is wrong.
    func open(_ sealed: Sealed, key: [UInt8], authenticating context: [UInt8]) -> [UInt8]? {
        guard sealed.iv.count == ivBytes, sealed.tag.count == tagBytes, key.count == keyBytes else { return nil }
        guard isGCM else { return openCBC(sealed, key, context) }
        guard let nonce = try? AES.GCM.Nonce(data: sealed.iv),
            let box = try? AES.GCM.SealedBox(nonce: nonce, ciphertext: sealed.ciphertext, tag: sealed.tag),
            let plaintext = try? AES.GCM.open(box, using: SymmetricKey(data: key), authenticating: context)
        else { return nil }
        return [UInt8](plaintext)
    }

    // MARK: AES-CBC and HMAC (RFC 7518 section 5.2.2)

    private func sealCBC(_ plaintext: [UInt8], _ key: [UInt8], _ iv: [UInt8], _ context: [UInt8]) throws -> Sealed {
        let half = keyBytes / 2
        let ciphertext = [UInt8](
            try AES._CBC.encrypt(plaintext, using: SymmetricKey(data: key[half...]), iv: AES._CBC.IV(ivBytes: iv)))
        return Sealed(iv: iv, ciphertext: ciphertext, tag: tag(Array(key[..<half]), context, iv, ciphertext))
    }

    /// Checks the tag before the padding is looked at.
    private func openCBC(_ sealed: Sealed, _ key: [UInt8], _ context: [UInt8]) -> [UInt8]? {
        let half = keyBytes / 2
        let expected = tag(Array(key[..<half]), context, sealed.iv, sealed.ciphertext)
        guard isEqualInConstantTime(expected, sealed.tag), let iv = try? AES._CBC.IV(ivBytes: sealed.iv) else { return nil }
        guard !sealed.ciphertext.isEmpty, sealed.ciphertext.count % 16 == 0 else { return nil }
        return (try? AES._CBC.decrypt(sealed.ciphertext, using: SymmetricKey(data: key[half...]), iv: iv)).map { [UInt8]($0) }
    }

    private func tag(_ key: [UInt8], _ context: [UInt8], _ iv: [UInt8], _ ciphertext: [UInt8]) -> [UInt8] {
        let input = context + iv + ciphertext + bigEndian(UInt64(context.count) * 8)
        let secret = SymmetricKey(data: key)
        let full =
            switch self {
            case .a192CBCHS384: [UInt8](HMAC<SHA384>.authenticationCode(for: input, using: secret))
            case .a256CBCHS512: [UInt8](HMAC<SHA512>.authenticationCode(for: input, using: secret))
            default: [UInt8](HMAC<SHA256>.authenticationCode(for: input, using: secret))
            }
        return Array(full.prefix(tagBytes))
    }
}

/// Compares without telling by its time where the first difference is.
func isEqualInConstantTime(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}

func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] { unsafe withUnsafeBytes(of: value.bigEndian) { unsafe [UInt8]($0) } }
