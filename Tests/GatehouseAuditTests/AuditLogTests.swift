import Envelope
import Foundation
import GatehouseAudit
import GatehouseStore
import Synchronization
import Testing
import TransparencyLog

/// How far a clock is ahead.
final class Ahead: Sendable {
    let milliseconds = Mutex<Int64>(0)
}

/// A log with its store in a folder of the test's own.
struct AuditHouse: Sendable {
    let folder: String
    let store: Store
    let keeper: KeyKeeper
    let log: AuditLog
    /// How far the keeper's clock is ahead, in milliseconds.
    let ahead = Ahead()

    var reader: AuditReader { AuditReader(path: folder + "/audit/log", key: log.key) }

    init(folder: String) async throws {
        self.folder = folder
        store = try await Store.open(.file(folder + "/gatehouse.sqlite"))
        var root = [UInt8](repeating: 5, count: 32)
        keeper = try await KeyKeeper.open(store, root: LocalKeyWrapper(root: KeyMaterial(&root)), tables: []) { [ahead] in
            Store.milliseconds() + ahead.milliseconds.withLock { $0 }
        }
        log = try await AuditLog.open(path: folder + "/audit", origin: "test.example/audit", keeper: keeper)
    }

    static func withHouse<T>(_ body: (AuditHouse) async throws -> T) async throws -> T {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-audit-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(AuditHouse(folder: folder))
    }

    func append(_ count: Int, from first: Int = 0) {
        for number in first..<(first + count) {
            log.append(
                AuditEvent(.login, action: "password_accepted", actor: "user\(number)@example.org", facts: [.init("n", String(number))]))
        }
    }

    func events() async throws -> [AuditReader.Found] {
        var found: [AuditReader.Found] = []
        try await reader.events(keeper: keeper) { found.append($0) }
        return found
    }
}

@Suite struct AuditLogTests {
    @Test(arguments: [0, 1, 255, 256, 257, 700])
    func `what is appended comes back, in order, under a checkpoint that verifies`(count: Int) async throws {
        try await AuditHouse.withHouse { house in
            house.append(count)
            try await house.log.close()
            let report = try house.reader.verify()
            #expect(report.checkpoint.size == UInt64(count))
            let found = try await house.events()
            #expect(found.map { $0.event?.actor } == (0..<count).map { "user\($0)@example.org" })
        }
    }

    @Test func `a log goes on after it was closed, at every width of its right edge`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-audit-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var size = 0
        var known: [Checkpoint] = []
        for step in [3, 250, 3, 1, 255, 256, 40] {
            let house = try await AuditHouse(folder: folder)
            house.append(step, from: size)
            size += step
            try await house.log.close()
            let report = try house.reader.verify(known: known)
            #expect(report.checkpoint.size == UInt64(size))
            known.append(report.checkpoint)
        }
    }

    @Test func `every event has a proof, and no other entry fits it`() async throws {
        try await AuditHouse.withHouse { house in
            house.append(300)
            try await house.log.close()
            for index in [UInt64(0), 1, 255, 256, 299] {
                let (proof, entry) = try house.reader.proof(of: index)
                let read = try LogProof(Array(proof.text.utf8))
                try read.verify(entry: entry, key: house.log.key)
                var other = entry
                other[3] ^= 1
                #expect(throws: LogError(.proof, "")) { try read.verify(entry: other, key: house.log.key) }
            }
            #expect(throws: LogError(.range, "")) { try house.reader.proof(of: 300) }
        }
    }

    @Test func `an erased event is gone, and the tree still holds`() async throws {
        try await AuditHouse.withHouse { house in
            house.append(300)
            let before = try Checkpoint(note: try await house.log.checkpoint(), by: house.log.key)
            try await house.log.erase(7, by: "admin", reason: "request of the person")
            try await house.log.erase(290, by: "admin", reason: "request of the person")
            house.append(5, from: 300)
            try await house.log.close()
            let report = try house.reader.verify(known: [before])
            #expect(report.erased == 2)
            let found = try await house.events()
            #expect(found[7].event == nil && found[290].event == nil && found[8].event != nil)
            #expect(found[300].event?.action == "erase_event")
        }
    }

    @Test func `an event waits in the journal until a checkpoint, and is read from there`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-audit-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let house = try await AuditHouse(folder: folder)
        try await house.log.appendDurably(AuditEvent(.keyUse, action: "rotate"))
        let copy = folder + "-copy"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.copyItem(atPath: folder, toPath: copy)
        let second = try await AuditHouse(folder: copy)
        let actions = try await second.events().map { $0.event?.action }
        #expect(actions == ["rotate"])
    }

    @Test func `a rotated key is rewrapped away and can be retired`() async throws {
        try await AuditHouse.withHouse { house in
            house.append(260)
            try await house.log.checkpoint()
            let name = KeyName(.record, purpose: "audit")
            try await house.keeper.rotate(name)
            await #expect(throws: EnvelopeError(.state, "")) { try await house.keeper.retire(name, version: 1) }
            #expect(try await house.log.rewrap() == 260)
            #expect(try await house.log.rewrap() == 0)
            // the writer may still hold a lease of the old version
            await #expect(throws: EnvelopeError(.state, "")) { try await house.keeper.retire(name, version: 1) }
            house.ahead.milliseconds.withLock { $0 = 61_000 }
            try await house.keeper.retire(name, version: 1)
            _ = try house.reader.verify()
            let found = try await house.events()
            #expect(found.last?.event?.actor == "user259@example.org")
        }
    }

    @Test(arguments: [KeyKind.signing, .index]) func `the log's own keys cannot be destroyed`(kind: KeyKind) async throws {
        try await AuditHouse.withHouse { house in
            let name = KeyName(kind, purpose: "audit")
            try await house.keeper.rotate(name)
            house.ahead.milliseconds.withLock { $0 = 61_000 }
            await #expect(throws: EnvelopeError(.state, "")) { try await house.keeper.retire(name, version: 1) }
        }
    }

    @Test func `what happens to keys is in the log, in the transaction in which it happens`() async throws {
        try await AuditHouse.withHouse { house in
            let outbox = try await AuditOutbox.open(house.keeper)
            outbox.recordKeys(actor: "admin")
            let place = Place(purpose: "contact", table: "people", row: "1", column: "email")
            try await house.store.write { _ = try house.keeper.seal([1], at: place, in: $0) }
            try await house.keeper.rotate(KeyName(.record, purpose: "contact"))
            struct Undone: Error {}
            await #expect(throws: Undone.self) {
                try await house.store.write { transaction in
                    _ = try house.keeper.seal([1], at: Place(purpose: "undone", table: "t", row: "1", column: "c"), in: transaction)
                    throw Undone()
                }
            }
            while try await outbox.drain(into: house.log) > 0 {}
            try await house.log.checkpoint()
            let events = try await house.events().compactMap(\.event).filter { $0.subject.hasSuffix(" contact") || $0.subject.hasSuffix("undone") }
            #expect(events.allSatisfy { $0.kind == .keyUse && $0.actor == "admin" })
            #expect(
                events.map { $0.action + " " + $0.subject }.sorted() == [
                    "key_made key-encryption contact", "key_made record contact", "key_rotated record contact", "key_used record contact",
                ])
        }
    }

    @Test func `a witness cosigns and a check can ask for it`() async throws {
        try await AuditHouse.withHouse { house in
            let signer = try NoteSigner(name: "witness.example", kind: .witness, seed: [UInt8](repeating: 3, count: 32))
            house.append(10)
            let logKey = house.log.key
            try await house.log.cosign(by: signer.key, knownSize: 0) { request in
                var witness = Witness(of: logKey, signer: signer)
                return try witness.cosign(WitnessRequest(request.bytes), time: 1_700_000_000)
            }
            _ = try house.reader.verify(witnesses: [signer.key])
            let other = try NoteSigner(name: "other.example", kind: .witness, seed: [UInt8](repeating: 4, count: 32))
            #expect(throws: LogError(.signature, "")) { try house.reader.verify(witnesses: [other.key]) }
            // the log grows on, and what was witnessed still vouches for its beginning
            house.append(10, from: 10)
            try await house.log.checkpoint()
            #expect(try house.reader.verify(witnesses: [signer.key]).checkpoint.size == 20)
            #expect(throws: LogError(.signature, "")) { try house.reader.verify(witnesses: [signer.key, other.key]) }
        }
    }

    @Test func `the folder tells nothing that was sealed`() async throws {
        try await AuditHouse.withHouse { house in
            house.append(300)
            try await house.log.close()
            let files = try #require(FileManager.default.enumerator(atPath: house.folder))
            while let name = files.nextObject() as? String {
                let bytes = FileManager.default.contents(atPath: house.folder + "/" + name) ?? Data()
                #expect(bytes.range(of: Data("example.org".utf8)) == nil, "\(name)")
                #expect(bytes.range(of: Data("password_accepted".utf8)) == nil, "\(name)")
            }
        }
    }
}
