import Crypto
import Foundation

/// A text with signature lines by C2SP signed-note.
///
/// The text ends with a newline; a blank line and the signatures follow, each `— NAME BASE64`.
public struct SignedNote: Sendable, Hashable {
    /// The signed text, its last newline included.
    public var text: String
    /// The signatures in order.
    public var signatures: [Signature]

    /// Most bytes in a note, and most signatures that are read.
    public static let limit = 1 << 20
    static let signatureLimit = 100

    /// One signature line.
    public struct Signature: Sendable, Hashable {
        /// The signer's name.
        public var name: String
        /// The first four bytes tell the key, the rest is the signature.
        public var bytes: [UInt8]

        /// A signature line's parts.
        public init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// A note made here.
    public init(text: String, signatures: [Signature] = []) {
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note.
    ///
    /// - Throws: ``LogError`` with code `malformed`.
    public init(_ bytes: [UInt8]) throws(LogError) {
        guard bytes.count <= Self.limit, let note = String(validating: bytes, as: UTF8.self) else {
            throw LogError(.malformed, "a note is UTF-8 of at most \(Self.limit) bytes")
        }
        guard note.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\n" }), let end = note.range(of: "\n\n", options: .backwards)
        else {
            throw LogError(.malformed, "a note is a text, a blank line and signatures")
        }
        text = String(note[..<end.lowerBound]) + "\n"
        let lines = note[end.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.last == "", lines.count >= 2, lines.count <= Self.signatureLimit + 1 else {
            throw LogError(.malformed, "a note ends with signature lines")
        }
        signatures = []
        for line in lines.dropLast() { signatures.append(try Self.signature(line)) }
    }

    /// The note's bytes.
    public var bytes: [UInt8] {
        Array((text + "\n" + signatures.map { "\u{2014} \($0.name) \(Data($0.bytes).base64EncodedString())\n" }.joined()).utf8)
    }

    private static func signature(_ line: Substring) throws(LogError) -> Signature {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "\u{2014}", NoteKey.isName(String(parts[1])), let bytes = canonicalBase64(parts[2]),
            bytes.count >= 5
        else {
            throw LogError(.malformed, "a signature line is a dash, a name and base64")
        }
        return Signature(name: String(parts[1]), bytes: bytes)
    }
}

/// Base64 with padding in its one canonical writing.
func canonicalBase64(_ text: Substring) -> [UInt8]? {
    guard let data = Data(base64Encoded: String(text)), data.base64EncodedString() == text else { return nil }
    return [UInt8](data)
}
