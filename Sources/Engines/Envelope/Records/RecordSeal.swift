import Crypto

/// Seals values with AES-256-GCM under a key derived for each record, which makes random nonces unnecessary and
/// lets one data key seal 2^32 records with room to spare.
///
/// HKDF-SHA-256 of the data key with a 24-byte random salt, labelled with format, key identifier and version, gives
/// the record's key (32 bytes), its nonce (12) and a commitment (32) that stands in the header. The commitment ties the
/// ciphertext to one key: GCM alone can be made to open under two. Header, salt, commitment and ``Place`` are associated data.
public struct RecordSeal: Sendable {
    private let material: KeyMaterial
    private let key: KeyID
    private let version: UInt32

    /// The seal of one version of a data key.
    ///
    /// - Throws: ``EnvelopeError`` with code `size` unless the material has 32 bytes.
    public init(material: KeyMaterial, key: KeyID, version: UInt32) throws(EnvelopeError) {
        guard material.count == 32, key.bytes.count == 8 else { throw EnvelopeError(.size, "a data key has 32 bytes") }
        self.material = material
        self.key = key
        self.version = version
    }

    /// Seals a value for its place; ``SealedRecord/overhead`` bytes longer than the value.
    ///
    /// - Throws: ``EnvelopeError`` with code `size`.
    public func seal(_ value: [UInt8], at place: Place, using generator: inout some RandomNumberGenerator) throws(EnvelopeError) -> [UInt8]
    {
        let salt = (0..<3).flatMap { _ in bigEndianBytes(UInt64.random(in: 0 ... .max, using: &generator)) }
        let derived = derivedKeys(salt: salt)
        let header = label + salt + derived.commitment
        do {
            let box = try AES.GCM.seal(
                value, using: derived.key, nonce: AES.GCM.Nonce(data: derived.nonce), authenticating: header + place.encoded)
            return header + box.ciphertext + box.tag
        } catch {
            throw EnvelopeError(.size, "cannot seal \(value.count) bytes")
        }
    }

    /// Opens a record that this version sealed for this place.
    ///
    /// - Throws: ``EnvelopeError`` with code `notAuthentic` for one that was edited, moved or put back, or that another
    ///   key sealed.
    public func open(_ record: SealedRecord, at place: Place) throws(EnvelopeError) -> [UInt8] {
        guard record.key == key, record.version == version else { throw .notAuthentic }
        let derived = derivedKeys(salt: Array(record.salt))
        guard constantTimeEquals(derived.commitment, record.commitment) else { throw .notAuthentic }
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: derived.nonce), ciphertext: record.ciphertext.dropLast(16), tag: record.ciphertext.suffix(16))
            return Array(
                try AES.GCM.open(box, using: derived.key, authenticating: label + record.salt + record.commitment + place.encoded))
        } catch {
            throw .notAuthentic
        }
    }

    private var label: [UInt8] { [SealedRecord.format] + key.bytes + bigEndianBytes(version) }

    private func derivedKeys(salt: [UInt8]) -> (key: SymmetricKey, nonce: [UInt8], commitment: [UInt8]) {
        var bytes = material.withBytes { Derivation.bytes(from: $0, salt: salt, info: Self.info + label, count: 76) }
        defer { wipe(&bytes) }
        return (SymmetricKey(data: bytes[..<32]), Array(bytes[32..<44]), Array(bytes[44...]))
    }

    private static let info = Array("gatehouse record".utf8)
}
