import Crypto
import Foundation

/// The form of every secret that is handed out: a prefix that secret scanners look for, 256 random bits, a checksum.
///
/// `gateat_` + 43 characters + 6 characters of CRC-32, all in base 62. A scanner tells a real secret from any other text without
/// asking anyone, and a mistyped one is refused without a look into the store.
public struct SecretFormat: Sendable, Hashable {
    /// What every secret of this form begins with, such as `gateat_`.
    public let prefix: String

    /// A form; nil where the prefix is not lower case letters and digits with an underscore at its end.
    public init?(prefix: String) {
        guard prefix.utf8.count <= 24, prefix.hasSuffix("_"), prefix.utf8.count > 1,
            prefix.dropLast().utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) })
        else { return nil }
        self.prefix = prefix
    }

    private static let bodyLength = 43
    private static let checksumLength = 6
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// A new secret.
    public func generate(using random: inout some RandomNumberGenerator) -> IssuedSecret {
        let body = (0..<Self.bodyLength).map { _ in Self.alphabet[Int.random(in: 0..<62, using: &random)] }
        let text = prefix + String(decoding: body, as: UTF8.self)
        return IssuedSecret(text: text + Self.checksum(of: text))
    }

    /// The hash under which a secret is stored; nil where the text is not of this form or its checksum is wrong.
    public func hash(of text: String) -> [UInt8]? {
        guard isWellFormed(text) else { return nil }
        return IssuedSecret.hash(of: text)
    }

    /// True for the prefix, the length, the alphabet and the checksum.
    public func isWellFormed(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == prefix.utf8.count + Self.bodyLength + Self.checksumLength, text.hasPrefix(prefix) else { return false }
        let body = String(decoding: bytes.dropLast(Self.checksumLength), as: UTF8.self)
        return bytes.suffix(Self.checksumLength).elementsEqual(Self.checksum(of: body).utf8)
            && bytes.dropFirst(prefix.utf8.count).allSatisfy { Self.isAlphanumeric($0) }
    }

    /// The pattern for secret scanners, in the common subset of regular expressions.
    public var scannerPattern: String { "\\b\(prefix)[0-9A-Za-z]{\(Self.bodyLength + Self.checksumLength)}\\b" }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func checksum(of text: String) -> String {
        var value = crc32(text.utf8)
        var digits: [UInt8] = []
        for _ in 0..<checksumLength {
            digits.append(alphabet[Int(value % 62)])
            value /= 62
        }
        return String(decoding: digits.reversed(), as: UTF8.self)
    }

    /// CRC-32 of ISO 3309.
    private static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}

/// A secret on its way to its owner. Only its hash is kept; printing one shows its prefix.
public struct IssuedSecret: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// The secret.
    public let text: String

    /// SHA-256 of the text: with 256 random bits inside nothing slower is needed.
    public var hash: [UInt8] { Self.hash(of: text) }

    /// The prefix alone.
    public var description: String { text.prefix { $0 != "_" } + "_…" }
    /// Nothing, so that no dump shows the secret.
    public var customMirror: Mirror { Mirror(self, children: []) }

    static func hash(of text: String) -> [UInt8] { [UInt8](SHA256.hash(data: Array(text.utf8))) }
}
