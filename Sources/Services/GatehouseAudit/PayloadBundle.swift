import TransparencyLog

/// The sealed events of one entry bundle, signed by the log: each behind its length in four bytes, empty where erased.
///
/// The signature lets whoever has the public key find a changed byte, although only the log can open what is sealed.
struct PayloadBundle: Hashable {
    var index: UInt64
    var payloads: [[UInt8]]

    init(index: UInt64, payloads: [[UInt8]] = []) {
        self.index = index
        self.payloads = payloads
    }

    /// The path below the log's folder.
    static func path(_ index: UInt64, width: Int) -> String {
        "payload/\(Tile.path(of: index))" + (width == Tile.width ? "" : ".p/\(width)")
    }

    var path: String { Self.path(index, width: payloads.count) }

    func bytes(signer: NoteSigner) throws -> [UInt8] {
        let body = Array(payloads.map { bigEndianBytes(UInt32($0.count)) + $0 }.joined())
        return body + (try signer.signature(ofBytes: Self.signed(body, index, payloads.count), label: Self.label))
    }

    /// Reads a bundle of `width` events.
    ///
    /// - Throws: ``LogError`` with code `signature` or `malformed`.
    init(_ bytes: [UInt8], index: UInt64, width: Int, key: NoteKey) throws {
        guard bytes.count >= 64 else { throw LogError(.malformed, "`\(Self.path(index, width: width))` is too short") }
        let body = Array(bytes.dropLast(64))
        guard key.isValid(Array(bytes.suffix(64)), ofBytes: Self.signed(body, index, width), label: Self.label) else {
            throw LogError(.signature, "the signature of `\(Self.path(index, width: width))` is wrong")
        }
        self.init(index: index)
        var at = 0
        while at + 4 <= body.count, payloads.count < width {
            let end = at + 4 + Int(bigEndian(body[at..<(at + 4)], as: UInt32.self))
            guard end <= body.count else { break }
            payloads.append(Array(body[(at + 4)..<end]))
            at = end
        }
        guard at == body.count, payloads.count == width else { throw LogError(.malformed, "`\(path)` does not hold \(width) events") }
    }

    private static let label = "gatehouse payload bundle"

    private static func signed(_ body: [UInt8], _ index: UInt64, _ width: Int) -> [UInt8] {
        bigEndianBytes(index) + bigEndianBytes(UInt32(width)) + body
    }
}
