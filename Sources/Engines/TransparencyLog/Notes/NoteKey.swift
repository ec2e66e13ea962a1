import Crypto
import Foundation

/// Who may sign a note: a name, a kind of signature and an Ed25519 public key (C2SP signed-note, `vkey`).
public struct NoteKey: Sendable, Hashable, CustomStringConvertible {
    /// The kinds of signature.
    public enum Kind: UInt8, Sendable, Hashable {
        /// Ed25519 over the text: a log's own.
        case log = 1
        /// Ed25519 over the time and the text: a witness' (C2SP tlog-cosignature).
        case witness = 4
    }

    /// The signer's name, without spaces and plus signs.
    public let name: String
    /// What the signatures are.
    public let kind: Kind
    /// The 32 bytes of the public key.
    public let publicKey: [UInt8]

    /// - Throws: ``LogError`` with code `malformed` for a bad name or key.
    public init(name: String, kind: Kind, publicKey: [UInt8]) throws(LogError) {
        guard Self.isName(name), publicKey.count == 32 else {
            throw LogError(.malformed, "a note's key is a name without spaces or `+`, and 32 bytes")
        }
        self.name = name
        self.kind = kind
        self.publicKey = publicKey
    }

    /// Reads `NAME+ID+BASE64`.
    ///
    /// - Throws: ``LogError`` with code `malformed`, for an identifier that is not the key's too.
    public init(_ text: String) throws(LogError) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = canonicalBase64(parts[2]), let first = bytes.first, let kind = Kind(rawValue: first) else {
            throw LogError(.malformed, "a verifier key is a name, an identifier and base64, with `+` between them")
        }
        try self.init(name: String(parts[0]), kind: kind, publicKey: Array(bytes.dropFirst()))
        guard parts[1] == Self.hexadecimal(identifier) else { throw LogError(.malformed, "the identifier is not that of the key") }
    }

    /// The key as one word, for configurations and command lines.
    public var description: String {
        "\(name)+\(Self.hexadecimal(identifier))+\(Data([kind.rawValue] + publicKey).base64EncodedString())"
    }

    /// The four bytes that tell the key in a signature line.
    public var identifier: [UInt8] {
        Array(SHA256.hash(data: Array(name.utf8) + [0x0a, kind.rawValue] + publicKey).prefix(4))
    }

    /// Checks that the note has a signature by this key. Returns the time that a witness vouches for, in seconds since 1970.
    ///
    /// - Throws: ``LogError`` with code `signature`.
    @discardableResult
    public func verify(_ note: SignedNote) throws(LogError) -> UInt64? {
        guard let signature = note.signatures.first(where: { $0.name == name && $0.bytes.starts(with: identifier) }) else {
            throw LogError(.signature, "no signature by `\(name)`")
        }
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
            throw LogError(.signature, "`\(name)` has no valid key")
        }
        let bytes = Array(signature.bytes.dropFirst(4))
        switch kind {
        case .log:
            guard key.isValidSignature(bytes, for: Array(note.text.utf8)) else {
                throw LogError(.signature, "the signature by `\(name)` is wrong")
            }
            return nil
        case .witness:
            guard bytes.count == 72 else { throw LogError(.signature, "the cosignature by `\(name)` has a wrong length") }
            let time = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard key.isValidSignature(bytes.suffix(64), for: NoteSigner.cosigned(note.text, time)) else {
                throw LogError(.signature, "the cosignature by `\(name)` is wrong")
            }
            return time
        }
    }

    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 256 && !text.contains("+") && !text.unicodeScalars.contains { $0.properties.isWhitespace }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}

/// Signs notes as a log or a witness.
public struct NoteSigner: Sendable {
    /// The public half.
    public let key: NoteKey
    private let secret: Curve25519.Signing.PrivateKey

    /// - Parameter seed: the 32 bytes of an Ed25519 private key.
    /// - Throws: ``LogError`` with code `malformed`.
    public init(name: String, kind: NoteKey.Kind, seed: [UInt8]) throws(LogError) {
        guard let secret = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw LogError(.malformed, "a seed has 32 bytes")
        }
        self.secret = secret
        key = try NoteKey(name: name, kind: kind, publicKey: Array(secret.publicKey.rawRepresentation))
    }

    /// Signs a text; a witness' signature holds the time, in seconds since 1970.
    ///
    /// - Throws: ``LogError`` with code `signature`.
    public func signature(of text: String, time: UInt64 = 0) throws(LogError) -> SignedNote.Signature {
        do {
            switch key.kind {
            case .log: return .init(name: key.name, bytes: key.identifier + (try secret.signature(for: Array(text.utf8))))
            case .witness:
                let stamp = (0..<8).map { UInt8(truncatingIfNeeded: time >> (56 - 8 * UInt64($0))) }
                return .init(name: key.name, bytes: key.identifier + stamp + (try secret.signature(for: Self.cosigned(text, time))))
            }
        } catch {
            throw LogError(.signature, "cannot sign")
        }
    }

    /// Signs bytes that are no note, under a label that no note begins with.
    ///
    /// - Throws: ``LogError`` with code `signature`.
    public func signature(ofBytes bytes: [UInt8], label: String) throws(LogError) -> [UInt8] {
        guard let signature = try? secret.signature(for: NoteKey.labelled(bytes, label)) else { throw LogError(.signature, "cannot sign") }
        return Array(signature)
    }

    static func cosigned(_ text: String, _ time: UInt64) -> [UInt8] { Array("cosignature/v1\ntime \(time)\n\(text)".utf8) }
}

extension NoteKey {
    /// Checks a signature that ``NoteSigner/signature(ofBytes:label:)`` made.
    public func isValid(_ signature: [UInt8], ofBytes bytes: [UInt8], label: String) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: Self.labelled(bytes, label))
    }

    static func labelled(_ bytes: [UInt8], _ label: String) -> [UInt8] { Array(label.utf8) + [0] + SHA256.hash(data: bytes) }
}
