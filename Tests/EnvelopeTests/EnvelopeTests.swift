import Envelope
import Testing

@Suite struct RecordSealTests {
    private let place = Place(purpose: "identity.contact", tenant: "acme", table: "people", row: "7", column: "email", revision: 3)

    private func seal(version: UInt32 = 1, byte: UInt8 = 1) throws -> RecordSeal {
        var bytes = [UInt8](repeating: byte, count: 32)
        return try RecordSeal(material: KeyMaterial(&bytes), key: KeyID(bytes: Array(1...8)), version: version)
    }

    @Test func `a record opens in its place`() throws {
        var generator = SystemRandomNumberGenerator()
        let seal = try seal()
        let sealed = try seal.seal(Array("a@example.org".utf8), at: place, using: &generator)
        #expect(sealed.count == 13 + SealedRecord.overhead)
        #expect(try seal.open(SealedRecord(sealed), at: place) == Array("a@example.org".utf8))
    }

    @Test func `a record opens nowhere else`() throws {
        var generator = SystemRandomNumberGenerator()
        let seal = try seal()
        let sealed = try SealedRecord(try seal.seal([1, 2, 3], at: place, using: &generator))
        let changes: [WritableKeyPath<Place, String>] = [\.purpose, \.tenant, \.table, \.row, \.column]
        for path in changes {
            var moved = place
            moved[keyPath: path] += "x"
            #expect(throws: EnvelopeError(.notAuthentic, "")) { try seal.open(sealed, at: moved) }
        }
        var older = place
        older.revision = 2
        #expect(throws: EnvelopeError(.notAuthentic, "")) { try seal.open(sealed, at: older) }
        let shifted = Place(
            purpose: place.purpose + "a", tenant: "cme", table: place.table, row: place.row, column: place.column, revision: 3)
        #expect(throws: EnvelopeError(.notAuthentic, "")) { try seal.open(sealed, at: shifted) }
    }

    @Test func `every edited bit is found`() throws {
        var generator = SystemRandomNumberGenerator()
        let seal = try seal()
        let sealed = try seal.seal(Array("secret".utf8), at: place, using: &generator)
        for bit in 0..<(sealed.count * 8) {
            var edited = sealed
            edited[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: EnvelopeError.self) { try seal.open(SealedRecord(edited), at: place) }
        }
    }

    @Test func `another key or version opens nothing`() throws {
        var generator = SystemRandomNumberGenerator()
        let sealed = try SealedRecord(seal().seal([1], at: place, using: &generator))
        #expect(throws: EnvelopeError(.notAuthentic, "")) { try seal(byte: 2).open(sealed, at: place) }
        #expect(throws: EnvelopeError(.notAuthentic, "")) { try seal(version: 2).open(sealed, at: place) }
    }

    @Test func `equal values give unequal records`() throws {
        var generator = SystemRandomNumberGenerator()
        let seal = try seal()
        let records = try (0..<50).map { _ in try seal.seal([1], at: place, using: &generator) }
        #expect(Set(records).count == 50)
    }
}

@Suite struct KeyRingTests {
    private var ring: KeyRing { KeyRing(id: KeyID(bytes: Array(1...8)), name: KeyName(.record, purpose: "x"), at: 10) }

    @Test func `rotation keeps old versions readable`() throws {
        var ring = ring
        #expect(ring.rotate(at: 20) == 2)
        #expect(ring.primary == 2)
        #expect(ring.versions[1]?.state == .active)
    }

    @Test func `retire is refused while one value lives`() throws {
        var ring = ring
        #expect(throws: EnvelopeError(.state, "")) { try ring.retire(1, liveValues: 0) }
        _ = ring.rotate(at: 20)
        #expect(throws: EnvelopeError(.state, "")) { try ring.retire(1, liveValues: 1) }
        try ring.retire(1, liveValues: 0)
        #expect(throws: EnvelopeError(.state, "")) { try ring.retire(1, liveValues: 0) }
        #expect(throws: EnvelopeError(.unknownKey, "")) { try ring.retire(9, liveValues: 0) }
    }

    @Test func `a version stops before two to the 32 uses`() throws {
        var ring = ring
        try ring.reserve(KeyRing.useLimit, at: 30)
        #expect(KeyRing.useLimit < 1 << 32)
        #expect(ring.isRotationDue)
        #expect(throws: EnvelopeError(.exhausted, "")) { try ring.reserve(1, at: 31) }
        _ = ring.rotate(at: 40)
        try ring.reserve(1, at: 41)
        #expect(ring.versions[2]?.lastUse == 41)
    }
}

@Suite struct KeyMaterialTests {
    @Test func `key pages are locked and left out of core dumps`() throws {
        var bytes = [UInt8](repeating: 7, count: 32)
        let material = try KeyMaterial(&bytes)
        #expect(bytes == [UInt8](repeating: 0, count: 32))
        #expect(material.withBytes { $0 } == [UInt8](repeating: 7, count: 32))
        #expect(material.isLocked)
        #expect(!"\(material)".contains("7, 7"))
        #expect(String(reflecting: material) == "key material of 32 bytes")
    }

    @Test func `a key file opens with its passphrase alone`() throws {
        var generator = SystemRandomNumberGenerator()
        let root = try KeyMaterial(random: 32, using: &generator)
        let cost = KeyFile.Cost(memory: 8 << 10, passes: 1, lanes: 1)
        let file = try KeyFile(locking: root, passphrase: Array("correct horse battery".utf8), cost: cost, using: &generator)
        let read = try KeyFile(file.bytes)
        let unlocked = try read.unlock(passphrase: Array("correct horse battery".utf8))
        #expect(unlocked.withBytes { $0 } == root.withBytes { $0 })
        #expect(throws: EnvelopeError(.notAuthentic, "")) { try read.unlock(passphrase: Array("correct horse batterx".utf8)) }
        #expect(throws: EnvelopeError(.size, "")) {
            try KeyFile(locking: root, passphrase: Array("short".utf8), cost: cost, using: &generator)
        }
    }

    @Test func `wrapped keys cannot be swapped`() throws {
        var generator = SystemRandomNumberGenerator()
        let wrapper = try LocalKeyWrapper(root: KeyMaterial(random: 32, using: &generator))
        let key = try KeyMaterial(random: 64, using: &generator)
        let context = KeyContext(id: KeyID(using: &generator), name: KeyName(.deterministic, purpose: "a"), version: 1)
        let wrapped = try wrapper.wrap(key, for: context)
        #expect(try wrapper.unwrap(wrapped, for: context).withBytes { $0 } == key.withBytes { $0 })
        let other = KeyContext(id: context.id, name: KeyName(.deterministic, purpose: "b"), version: 1)
        #expect(throws: EnvelopeError(.notAuthentic, "")) { try wrapper.unwrap(wrapped, for: other) }
    }
}

@Suite struct FormatPreservingTests {
    @Test func `separators stay and the way back is exact`() throws {
        let cards = try FormatPreserving(key: [UInt8](repeating: 3, count: 32), alphabet: "0123456789")
        let sealed = try cards.encrypt("4111-1111 1111-1111", tweak: [1])
        #expect(sealed != "4111-1111 1111-1111")
        #expect(sealed.map { $0.isNumber ? "9" : $0 } == Array("9999-9999 9999-9999"))
        #expect(try cards.decrypt(sealed, tweak: [1]) == "4111-1111 1111-1111")
        #expect(try cards.decrypt(sealed, tweak: [2]) != "4111-1111 1111-1111")
    }

    @Test func `a domain that can be searched is refused`() throws {
        let digits = try FormatPreserving(key: [UInt8](repeating: 3, count: 32), alphabet: "0123456789")
        #expect(throws: EnvelopeError(.domain, "")) { try digits.encrypt("12345", tweak: []) }
        _ = try digits.encrypt("123456", tweak: [])
        #expect(throws: EnvelopeError(.domain, "")) { try FormatPreserving(key: [UInt8](repeating: 3, count: 32), alphabet: "00") }
    }

    /// NIST's FF1 sample 3: radix 36, AES-128.
    @Test func `the published sample of radix 36`() throws {
        let key: [UInt8] = [0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c]
        let text = try FormatPreserving(key: key, alphabet: "0123456789abcdefghijklmnopqrstuvwxyz")
        let tweak: [UInt8] = [0x37, 0x37, 0x37, 0x37, 0x70, 0x71, 0x72, 0x73, 0x37, 0x37, 0x37]
        #expect(try text.encrypt("0123456789abcdefghi", tweak: tweak) == "a9tv40mll9kdu509eum")
    }
}

@Suite struct EnvelopeFuzzTests {
    @Test func `no bytes trap a reader`() {
        var generator = Seeded(state: 7)
        for _ in 0..<3_000 {
            var bytes = (0..<Int.random(in: 0...140, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if Bool.random(using: &generator) { bytes = [1] + bytes }
            if Bool.random(using: &generator) { bytes = Array("GHROOT1".utf8) + bytes }
            fuzzEnvelope(bytes)
        }
    }

    struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }
}
