import Foundation
import Passwords
import Testing

/// A splitmix64 generator: the same inputs in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

let cheap = Argon2Parameters(memoryKiB: 64, iterations: 1)

@Suite struct Argon2idTests {
    @Test func `hashes as the reference implementation's test does`() {
        let tag = Argon2id.hash(
            Array("password".utf8), salt: Array("somesalt".utf8), Argon2Parameters(memoryKiB: 65_536, iterations: 2, parallelism: 1))
        #expect(tag?.map { String($0, radix: 16) }.joined() == "9316115d5cf24ed5a15a31a3ba326e5cf32edc2472987c2b6566f61913cf7")
    }

    @Test func `refuses costs beyond the maximum and short salts`() {
        #expect(Argon2id.hash([1], salt: [UInt8](repeating: 0, count: 16), Argon2Parameters(memoryKiB: 1 << 21)) == nil)
        #expect(Argon2id.hash([1], salt: [UInt8](repeating: 0, count: 16), Argon2Parameters(memoryKiB: 4)) == nil)
        #expect(Argon2id.hash([1], salt: [1, 2, 3], cheap) == nil)
    }
}

@Suite struct PHCStringTests {
    static let good = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"

    @Test func `reads and writes the form that other programs use`() throws {
        let stored = try #require(PHCString(Self.good))
        #expect(stored.salt == Array("somesalt".utf8))
        #expect(stored.parameters == Argon2Parameters(memoryKiB: 65_536, iterations: 2, parallelism: 1))
        #expect(stored.text == Self.good)
        var random = SeededGenerator(1)
        let hasher = try #require(PasswordHasher(Argon2Parameters(memoryKiB: 65_536), using: &random))
        #expect(hasher.verify("password", against: stored, using: &random) != .mismatch)
    }

    @Test(arguments: [
        ("argon2id", "argon2i"), ("v=19", "v=16"), ("m=65536", "m=065536"), ("m=65536", "m=+65536"), ("m=65536,t=2", "t=2,m=65536"),
        ("m=65536", "m=4294967295"), ("t=2", "t=0"), ("p=1", "p=17"), ("c29tZXNhbHQ", "c29tZXNhbHQ="), ("c29tZXNhbHQ", "c29tZXNhbHR"),
        ("c29tZXNhbHQ", "c29t"), ("PPc", "PPc$"), ("$argon", "argon"), ("PPc", "PP"), ("p=1", "p=1,data=AA"), ("m=65536", "m=٦٥"),
    ])
    func `refuses every other form`(old: String, new: String) throws {
        let range = try #require(Self.good.range(of: old))
        #expect(PHCString(Self.good.replacingCharacters(in: range, with: new)) == nil)
    }
}

@Suite struct PasswordHasherTests {
    @Test func `the right password matches, any other does not`() throws {
        var random = SeededGenerator(1)
        let hasher = try #require(PasswordHasher(cheap, using: &random))
        let stored = try #require(hasher.hash("correct horse", using: &random))
        #expect(hasher.verify("correct horse", against: stored, using: &random) == .match(rehash: nil))
        #expect(hasher.verify("correct horsf", against: stored, using: &random) == .mismatch)
        #expect(hasher.verify("correct horse", against: nil, using: &random) == .mismatch)
        #expect(hasher.hash("correct horse", using: &random) != stored)
    }

    @Test func `one character typed in two ways is one password`() throws {
        var random = SeededGenerator(1)
        let hasher = try #require(PasswordHasher(cheap, using: &random))
        let stored = try #require(hasher.hash("caf\u{E9} \u{FB01}", using: &random))
        #expect(hasher.verify("cafe\u{301} fi", against: stored, using: &random) == .match(rehash: nil))
    }

    @Test func `a cheaper hash is renewed, a dearer one is not`() throws {
        var random = SeededGenerator(1)
        let old = try #require(PasswordHasher(cheap, using: &random)?.hash("p", using: &random))
        let hasher = try #require(PasswordHasher(Argon2Parameters(memoryKiB: 128, iterations: 1), using: &random))
        guard case .match(let renewed?) = hasher.verify("p", against: old, using: &random) else { return #expect(Bool(false)) }
        #expect(renewed.parameters.memoryKiB == 128)
        #expect(hasher.verify("p", against: renewed, using: &random) == .match(rehash: nil))
        let cheaper = try #require(PasswordHasher(cheap, using: &random))
        #expect(!cheaper.needsRehash(renewed))
    }

    @Test func `an unknown user costs as much as a known one`() throws {
        var random = SeededGenerator(1)
        let hasher = try #require(PasswordHasher(Argon2Parameters(memoryKiB: 8192), using: &random))
        let stored = try #require(hasher.hash("p", using: &random))
        let clock = ContinuousClock()
        let known = (0..<5).map { _ in clock.measure { _ = hasher.verify("q", against: stored, using: &random) } }.min() ?? .zero
        let unknown = (0..<5).map { _ in clock.measure { _ = hasher.verify("q", against: nil, using: &random) } }.min() ?? .zero
        #expect(unknown > known / 3)
    }
}

@Suite struct HashingQueueTests {
    @Test func `gives back what the work gave`() async throws {
        let queue = HashingQueue(workers: 2)
        let results = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<40 { group.addTask { try await queue.run { number * 2 } } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.sorted() == (0..<40).map { $0 * 2 })
        #expect(queue.waitingCount == 0)
    }

    @Test func `runs no more at once than it has workers, and refuses what is too much`() async throws {
        let queue = HashingQueue(workers: 2, capacity: 3)
        let gate = Gate()
        let tasks = (0..<5).map { _ in Task { try await queue.run { gate.pass() } } }
        while gate.entered < 2 || queue.waitingCount < 3 { await Task.yield() }
        await #expect(throws: HashingQueue.Full.self) { try await queue.run { 1 } }
        #expect(gate.entered == 2)
        tasks[4].cancel()
        while queue.waitingCount == 3 { await Task.yield() }
        gate.open()
        var finished = 0
        for task in tasks { if (try? await task.value) != nil { finished += 1 } }
        #expect(finished == 4)
    }
}
