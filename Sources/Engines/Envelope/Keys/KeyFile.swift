import CArgon2

/// A root key locked with a passphrase: Argon2id (RFC 9106) makes the key that seals it.
///
/// The passphrase can be changed without touching anything that the root key has wrapped.
///
/// | bytes | what |
/// |---|---|
/// | 0–6 | `GHROOT1` |
/// | 7–10 | memory in KiB, big-endian |
/// | 11–14 | passes |
/// | 15–18 | lanes |
/// | 19–34 | salt |
/// | 35… | sealed root key |
public struct KeyFile: Sendable, Hashable {
    /// What guessing a passphrase costs.
    public struct Cost: Sendable, Hashable {
        /// Memory in KiB, 8 MiB to 4 GiB.
        public var memory: UInt32
        /// Passes over the memory, 1 to 64.
        public var passes: UInt32
        /// Lanes, 1 to 64.
        public var lanes: UInt32

        /// A cost; the default is RFC 9106's second choice: 64 MiB, 3 passes, 4 lanes.
        public init(memory: UInt32 = 64 << 10, passes: UInt32 = 3, lanes: UInt32 = 4) {
            self.memory = memory
            self.passes = passes
            self.lanes = lanes
        }

        var isAllowed: Bool { (8 << 10...4 << 20).contains(memory) && (1...64).contains(passes) && (1...64).contains(lanes) }
    }

    private let cost: Cost
    private let salt: [UInt8]
    private let sealed: [UInt8]

    /// Locks a root key.
    ///
    /// - Throws: ``EnvelopeError`` with code `size` for a cost outside its limits or a passphrase of under 12 bytes.
    public init(
        locking root: KeyMaterial, passphrase: [UInt8], cost: Cost = Cost(), using generator: inout some RandomNumberGenerator
    ) throws(EnvelopeError) {
        guard passphrase.count >= 12 else { throw EnvelopeError(.size, "a passphrase has at least 12 bytes") }
        self.cost = cost
        salt = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let lock = try Self.lock(passphrase, salt: salt, cost: cost)
        var copy = root.withBytes { $0 }
        defer { wipe(&copy) }
        sealed = try lock.seal(copy, at: Self.place, using: &generator)
    }

    /// Reads a key file.
    ///
    /// - Throws: ``EnvelopeError`` with code `malformed`.
    public init(_ bytes: [UInt8]) throws(EnvelopeError) {
        guard bytes.count > 35, bytes.count < 1024, bytes.starts(with: Self.magic) else {
            throw EnvelopeError(.malformed, "the bytes are not a root key file")
        }
        func word(_ at: Int) -> UInt32 { bytes[at..<(at + 4)].reduce(0) { $0 << 8 | UInt32($1) } }
        cost = Cost(memory: word(7), passes: word(11), lanes: word(15))
        guard cost.isAllowed else { throw EnvelopeError(.malformed, "the root key file asks for an absurd amount of work") }
        salt = Array(bytes[19..<35])
        sealed = Array(bytes[35...])
    }

    /// The file's bytes.
    public var bytes: [UInt8] {
        Self.magic + bigEndianBytes(cost.memory) + bigEndianBytes(cost.passes) + bigEndianBytes(cost.lanes) + salt + sealed
    }

    /// Unlocks the root key; takes as long as the cost says, so never on an event loop.
    ///
    /// - Throws: ``EnvelopeError`` with code `notAuthentic` for a wrong passphrase.
    public func unlock(passphrase: [UInt8]) throws(EnvelopeError) -> KeyMaterial {
        let lock = try Self.lock(passphrase, salt: salt, cost: cost)
        var bytes = try lock.open(SealedRecord(sealed), at: Self.place)
        return try KeyMaterial(&bytes)
    }

    private static let magic = Array("GHROOT1".utf8)
    private static let place = Place(purpose: "root", table: "file", row: "", column: "")

    private static func lock(_ passphrase: [UInt8], salt: [UInt8], cost: Cost) throws(EnvelopeError) -> RecordSeal {
        guard cost.isAllowed else { throw EnvelopeError(.size, "the cost of the passphrase is outside its limits") }
        var derived = [UInt8](repeating: 0, count: 32)
        let status = unsafe argon2id_hash_raw(
            cost.passes, cost.memory, cost.lanes, passphrase, passphrase.count, salt, salt.count, &derived, derived.count)
        guard status == ARGON2_OK.rawValue else { throw EnvelopeError(.unavailable, "not enough memory for Argon2id") }
        return try RecordSeal(material: KeyMaterial(&derived), key: KeyID(bytes: [UInt8](repeating: 0, count: 8)), version: 1)
    }
}
