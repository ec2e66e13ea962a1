import Foundation
import GatehouseAudit
import Testing
import TransparencyLog

/// A copy of a log's folder in memory, to be damaged.
private struct Copy: Sendable {
    var files: [String: [UInt8]]
    var names: [String]

    init(_ folder: String) throws {
        files = [:]
        let enumerator = try #require(FileManager.default.enumerator(atPath: folder))
        while let name = enumerator.nextObject() as? String {
            if enumerator.fileAttributes?[.type] as? FileAttributeType != .typeDirectory {
                files[name] = FileManager.default.contents(atPath: folder + "/" + name).map { [UInt8]($0) }
            }
        }
        names = files.keys.sorted()
    }

    func reader(_ key: NoteKey) -> AuditReader {
        let files = files
        return AuditReader(key: key, read: { files[$0] }, names: { Array(files.keys) })
    }
}

@Suite struct TamperTests {
    /// One random change; returns what it was, or nil where it changed nothing.
    private func damage(_ copy: inout Copy, using generator: inout some RandomNumberGenerator) -> String? {
        let name = copy.names.randomElement(using: &generator) ?? ""
        let bytes = copy.files[name] ?? []
        let at = Int.random(in: 0..<max(1, bytes.count), using: &generator)
        let kind = Int.random(in: 0..<8, using: &generator)
        switch kind {
        case 0...3: copy.files[name]?[at] ^= UInt8.random(in: 1...255, using: &generator)
        case 4: copy.files[name]?.remove(at: at)
        case 5: copy.files[name] = nil
        case 6: copy.files[name] = Array(bytes.prefix(at))
        default:
            let other = copy.names.randomElement(using: &generator) ?? ""
            guard copy.files[other] != bytes else { return nil }
            (copy.files[name], copy.files[other]) = (copy.files[other], bytes)
        }
        return "\(["edit", "edit", "edit", "edit", "removed byte", "deleted", "truncated", "swapped"][kind]) \(name) at \(at)"
    }

    @Test func `ten thousand random changes are all found`() async throws {
        try await AuditHouse.withHouse { house in
            house.append(270)
            try await house.log.close()
            let (whole, key) = (try Copy(house.folder + "/audit/log"), house.log.key)
            _ = try whole.reader(key).verify()
            let missed = await withTaskGroup(of: [String].self) { group in
                for worker in 0..<4 {
                    group.addTask {
                        var generator = Seeded(state: UInt64(worker + 1))
                        return (0..<2_500).compactMap { _ in
                            var copy = whole
                            guard let change = damage(&copy, using: &generator) else { return nil }
                            do { _ = try copy.reader(key).verify() } catch { return nil }
                            return change
                        }
                    }
                }
                return await group.reduce(into: [String]()) { $0 += $1 }
            }
            #expect(missed.isEmpty, "\(missed.prefix(5))")
        }
    }

    @Test func `two entries exchanged inside a bundle are found`() async throws {
        try await AuditHouse.withHouse { house in
            house.append(20)
            try await house.log.close()
            var copy = try Copy(house.folder + "/audit/log")
            let tile = Tile(.entries, index: 0, width: 20)
            var entries = try tile.entries(in: copy.files[tile.path] ?? [])
            entries.swapAt(3, 4)
            copy.files[tile.path] = try Tile.bundle(entries)
            let reader = copy.reader(house.log.key)
            #expect(throws: LogError(.tampered, "")) { try reader.verify() }
        }
    }

    @Test func `a log cut back to an older state of itself is found by whoever kept a checkpoint`() async throws {
        try await AuditHouse.withHouse { house in
            house.append(20)
            _ = try await house.log.checkpoint()
            let old = try Copy(house.folder + "/audit/log").reader(house.log.key)
            house.append(20, from: 20)
            try await house.log.close()
            let known = try house.reader.verify().checkpoint
            _ = try old.verify()
            #expect(throws: LogError(.fork, "")) { try old.verify(known: [known]) }
        }
    }

    @Test func `a fork signed with the right key is found by whoever kept a checkpoint`() async throws {
        try await AuditHouse.withHouse { house in
            house.append(10)
            let before = try Checkpoint(note: try await house.log.checkpoint(), by: house.log.key)
            let folder = house.folder + "-fork"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try FileManager.default.copyItem(atPath: house.folder, toPath: folder)
            house.append(1, from: 10)
            let after = try Checkpoint(note: try await house.log.checkpoint(), by: house.log.key)
            let fork = try await AuditHouse(folder: folder)
            fork.append(5, from: 90)
            try await fork.log.close()
            _ = try fork.reader.verify(known: [before])
            let reader = fork.reader
            #expect(throws: LogError(.fork, "")) { try reader.verify(known: [after]) }
        }
    }

    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            return mixed ^ (mixed >> 27)
        }
    }
}
