import Crypto
import Foundation

/// One-time passwords of an authenticator app: HOTP (RFC 4226) and TOTP (RFC 6238).
public struct OneTimePassword: Sendable, Hashable {
    /// The hash inside the HMAC.
    public enum Hash: String, Sendable, Hashable {
        /// SHA-1: what every app supports, and safe inside an HMAC.
        case sha1 = "SHA1"
        /// SHA-256.
        case sha256 = "SHA256"
        /// SHA-512.
        case sha512 = "SHA512"
    }

    /// The shared secret.
    public let secret: [UInt8]
    /// The hash; SHA-1.
    public let hash: Hash
    /// Digits of a code, 6 to 8; 6.
    public let digits: Int
    /// Seconds of a time step; 30.
    public let period: Int64

    /// A one-time password; nil for secrets under 16 bytes (RFC 4226 section 4, R6), digits outside 6…8 or a period outside 15…300.
    public init?(secret: [UInt8], hash: Hash = .sha1, digits: Int = 6, period: Int64 = 30) {
        guard secret.count >= 16, (6...8).contains(digits), (15...300).contains(period) else { return nil }
        self.secret = secret
        self.hash = hash
        self.digits = digits
        self.period = period
    }

    /// A new secret of 20 bytes, shown to the user once.
    public static func newSecret(using random: inout some RandomNumberGenerator) -> [UInt8] { randomBytes(20, &random) }

    /// The code for a counter (RFC 4226 section 5.3).
    public func code(counter: Int64) -> String {
        let message = unsafe withUnsafeBytes(of: counter.bigEndian) { unsafe [UInt8]($0) }
        let mac = mac(message)
        let offset = Int(mac[mac.count - 1] & 15)
        let value = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let modulus: UInt32 = digits == 6 ? 1_000_000 : digits == 7 ? 10_000_000 : 100_000_000
        let text = String(value % modulus)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The time step of a moment, in seconds since 1970.
    public func step(at seconds: Int64) -> Int64 { seconds / period }

    /// The step whose code this is, within one step of the clock's either way and later than the last one spent.
    ///
    /// Assumes: the caller stores the result by compare-and-set against `lastSpent` before it believes the code; of two
    /// requests with one code only one then wins.
    /// Refuses: a code of a step already spent (RFC 6238 section 5.2), text of other length or characters.
    /// - Returns: The step to store, or nil.
    public func spentStep(for code: String, at seconds: Int64, lastSpent: Int64?) -> Int64? {
        let given = Array(code.utf8)
        guard given.count == digits, given.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let now = step(at: seconds)
        var found: Int64?
        for step in max(0, now - 1)...(max(0, now) + 1) {
            let isEqual = isEqualInConstantTime(Array(self.code(counter: step).utf8), given)
            if isEqual, lastSpent.map({ step > $0 }) ?? true, found == nil { found = step }
        }
        return found
    }

    /// The counter whose code this is, from `next` on and at most `lookAhead` further (RFC 4226 section 7.4); the caller
    /// stores the counter after it by compare-and-set.
    public func spentCounter(for code: String, next: Int64, lookAhead: Int64 = 3) -> Int64? {
        (next...next + max(0, min(lookAhead, 100))).first { isEqualInConstantTime(Array(self.code(counter: $0).utf8), Array(code.utf8)) }
    }

    /// The address that an app reads from a QR code: `otpauth://totp/ISSUER:ACCOUNT?secret=…`.
    public func provisioningURI(issuer: String, account: String) -> String {
        let issuer = Self.percentEncoded(issuer)
        return "otpauth://totp/\(issuer):\(Self.percentEncoded(account))?secret=\(Base32.encode(secret))&issuer=\(issuer)"
            + "&algorithm=\(hash.rawValue)&digits=\(digits)&period=\(period)"
    }

    private func mac(_ message: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: secret)
        return switch hash {
        case .sha1: [UInt8](HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
        case .sha256: [UInt8](HMAC<SHA256>.authenticationCode(for: message, using: key))
        case .sha512: [UInt8](HMAC<SHA512>.authenticationCode(for: message, using: key))
        }
    }

    private static func percentEncoded(_ text: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        return text.utf8.map { byte in
            let hex = String(byte, radix: 16, uppercase: true)
            return plain.contains(byte) ? String(UnicodeScalar(byte)) : "%" + (hex.count == 1 ? "0" : "") + hex
        }.joined()
    }
}

/// Base32 of RFC 4648 without padding, as authenticator apps read secrets.
public enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// The text.
    public static func encode(_ bytes: [UInt8]) -> String { String(decoding: RadixCoding.encode(bytes, bits: 5, alphabet), as: UTF8.self) }

    /// The bytes; nil for anything but the canonical text.
    public static func decode(_ text: String) -> [UInt8]? { RadixCoding.decode(Array(text.utf8), bits: 5, alphabet) }
}
