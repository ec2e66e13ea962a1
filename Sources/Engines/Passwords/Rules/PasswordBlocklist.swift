import Crypto
import Foundation

/// A list of passwords that must not be chosen.
public protocol PasswordBlocklist: Sendable {
    /// True where the password is on the list. May be wrong in the safe direction at a stated rate.
    func contains(_ password: String) -> Bool
}

/// A short list held as text, compared without regard to case.
public struct WordBlocklist: PasswordBlocklist {
    private let words: Set<String>

    /// A list of these words.
    public init(_ words: some Sequence<String>) { self.words = Set(words.map(PasswordText.folded)) }

    /// True when the password, folded, is in the list.
    public func contains(_ password: String) -> Bool { words.contains(PasswordText.folded(password)) }
}

/// Breached passwords as a Bloom filter over their SHA-1 digests, the form in which such lists are published.
///
/// Ten bits for each password keep false alarms under 1 %: 850 million passwords fit in 1.1 GB.
public struct BloomBlocklist: PasswordBlocklist {
    private var bits: [UInt8]
    private let hashes = 7

    /// An empty filter for about so many passwords.
    public init(capacity: Int) { bits = [UInt8](repeating: 0, count: max(8, capacity * 10 / 8)) }

    /// A filter from its bytes, as ``bytes`` gave them; nil where there are fewer than eight.
    public init?(bytes: [UInt8]) {
        guard bytes.count >= 8 else { return nil }
        bits = bytes
    }

    /// The filter's bytes, to be kept in a file.
    public var bytes: [UInt8] { bits }

    /// Adds a password.
    public mutating func insert(_ password: String) { insert(digest: Self.digest(password)) }

    /// Adds a password by its SHA-1 digest of 20 bytes.
    public mutating func insert(digest: [UInt8]) {
        for place in places(digest) { bits[place / 8] |= 1 << UInt8(place % 8) }
    }

    /// Adds the lines of a range file: `PREFIX` of five hexadecimal digits, lines `SUFFIX:COUNT`. Other lines are passed over.
    ///
    /// - Returns: How many were added.
    public mutating func insert(range text: String, prefix: String) -> Int {
        var count = 0
        for line in text.split(whereSeparator: \.isNewline) {
            guard let digest = Self.hexadecimal(prefix + line.prefix { $0 != ":" }), digest.count == 20 else { continue }
            insert(digest: digest)
            count += 1
        }
        return count
    }

    /// True when the password, folded, is in the list.
    public func contains(_ password: String) -> Bool {
        places(Self.digest(password)).allSatisfy { bits[$0 / 8] & (1 << UInt8($0 % 8)) != 0 }
    }

    private static func digest(_ password: String) -> [UInt8] { [UInt8](Insecure.SHA1.hash(data: PasswordText.normalized(password))) }

    private static func hexadecimal(_ text: String) -> [UInt8]? {
        let digits = text.utf8.map { UInt8(String(UnicodeScalar($0)), radix: 16) }
        guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { (digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0) }
    }

    /// Places by double hashing: the digest is uniform already.
    private func places(_ digest: [UInt8]) -> [Int] {
        let one = digest[0..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let two = digest[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } | 1
        return (0..<UInt64(hashes)).map { Int((one &+ $0 &* two) % UInt64(bits.count * 8)) }
    }
}
