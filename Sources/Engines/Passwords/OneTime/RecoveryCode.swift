import Crypto
import Foundation

/// A code on paper that replaces a lost factor once: look-up secrets of NIST SP 800-63B-4 section 3.1.2.
///
/// 24 characters, 120 bits, in groups of four: enough that a plain hash keeps them (112 are required for that).
public struct RecoveryCode: Sendable, Hashable {
    /// The code as it is shown: `K7QF-…`, without letters that look like digits.
    public let text: String
    /// What is stored.
    public let hash: [UInt8]

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// A set of new codes; 10 by default.
    public static func generate(_ count: Int = 10, using random: inout some RandomNumberGenerator) -> [RecoveryCode] {
        (0..<count).map { _ in
            let letters = RadixCoding.encode(randomBytes(15, &random), bits: 5, alphabet)
            let groups = stride(from: 0, to: letters.count, by: 4).map { String(decoding: letters[$0..<$0 + 4], as: UTF8.self) }
            return RecoveryCode(text: groups.joined(separator: "-"), hash: hash(ofLetters: letters))
        }
    }

    /// The hash to look up for what a user typed: case, spaces and dashes do not matter, `O` is read as `0`, `I` and `L` as `1`.
    ///
    /// Assumes: the caller deletes the stored hash in the same write that believes it, so that a code wins once.
    /// - Returns: The hash, or nil where this cannot be a code.
    public static func hash(ofTyped typed: String) -> [UInt8]? {
        guard typed.utf8.count <= 100 else { return nil }
        let letters = typed.uppercased().utf8.filter { $0 != 0x20 && $0 != 0x2D }.map { letter -> UInt8 in
            switch letter {
            case UInt8(ascii: "O"): UInt8(ascii: "0")
            case UInt8(ascii: "I"), UInt8(ascii: "L"): UInt8(ascii: "1")
            default: letter
            }
        }
        guard letters.count == 24, letters.allSatisfy(alphabet.contains) else { return nil }
        return hash(ofLetters: letters)
    }

    private static func hash(ofLetters letters: [UInt8]) -> [UInt8] { [UInt8](SHA256.hash(data: letters)) }
}
