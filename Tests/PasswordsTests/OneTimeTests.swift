import Foundation
import Passwords
import Testing

@Suite struct OneTimePasswordTests {
    static let secret20 = Array("12345678901234567890".utf8)

    @Test func `codes of RFC 4226 appendix D`() {
        let codes = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
        let password = OneTimePassword(secret: Self.secret20)
        #expect((0..<10).map { password?.code(counter: $0) } == codes)
    }

    @Test(arguments: [
        (Int64(59), "94287082", "46119246", "90693936"), (1_111_111_109, "07081804", "68084774", "25091201"),
        (1_111_111_111, "14050471", "67062674", "99943326"), (1_234_567_890, "89005924", "91819424", "93441116"),
        (2_000_000_000, "69279037", "90698825", "38618901"), (20_000_000_000, "65353130", "77737706", "47863826"),
    ])
    func `codes of RFC 6238 appendix B`(time: Int64, sha1: String, sha256: String, sha512: String) throws {
        let digits = Array("1234567890".utf8)
        for (hash, length, code) in [(OneTimePassword.Hash.sha1, 20, sha1), (.sha256, 32, sha256), (.sha512, 64, sha512)] {
            let secret = (0..<length).map { digits[$0 % 10] }
            let password = try #require(OneTimePassword(secret: secret, hash: hash, digits: 8))
            #expect(password.code(counter: password.step(at: time)) == code)
        }
    }

    @Test func `a code works one step early or late, and once`() throws {
        let password = try #require(OneTimePassword(secret: Self.secret20))
        let code = password.code(counter: 100)
        for (step, accepted) in [(98, false), (99, true), (100, true), (101, true), (102, false)] {
            let found = password.spentStep(for: code, at: Int64(step) * 30 + 29, lastSpent: nil)
            #expect(found == (accepted ? 100 : nil))
        }
        #expect(password.spentStep(for: code, at: 3000, lastSpent: 99) == 100)
        #expect(password.spentStep(for: code, at: 3000, lastSpent: 100) == nil)
        #expect(password.spentStep(for: code, at: 3000, lastSpent: 101) == nil)
    }

    @Test(arguments: ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", " 75522", "-75522"])
    func `text that is no code is refused`(code: String) {
        #expect(OneTimePassword(secret: Self.secret20)?.spentStep(for: code, at: 0, lastSpent: nil) == nil)
    }

    @Test func `counters are found ahead but not behind`() throws {
        let password = try #require(OneTimePassword(secret: Self.secret20))
        #expect(password.spentCounter(for: "969429", next: 1) == 3)
        #expect(password.spentCounter(for: "969429", next: 4) == nil)
        #expect(password.spentCounter(for: "520489", next: 0) == nil)
    }

    @Test func `the provisioning address says everything`() {
        #expect(
            OneTimePassword(secret: Self.secret20)?.provisioningURI(issuer: "Gate House", account: "a@b.c")
                == "otpauth://totp/Gate%20House:a%40b.c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Gate%20House&algorithm=SHA1&digits=6&period=30")
        #expect(OneTimePassword(secret: [1, 2, 3]) == nil)
        #expect(OneTimePassword(secret: Self.secret20, digits: 5) == nil)
    }
}

@Suite struct RecoveryCodeTests {
    @Test func `a code is found however it is typed`() throws {
        var random = SeededGenerator(9)
        let codes = RecoveryCode.generate(using: &random)
        #expect(Set(codes.map(\.text)).count == 10)
        let code = try #require(codes.first)
        #expect(code.text.count == 29)
        let typed = code.text.lowercased().replacingOccurrences(of: "-", with: " ").replacingOccurrences(of: "0", with: "o")
        #expect(RecoveryCode.hash(ofTyped: typed.replacingOccurrences(of: "1", with: "l")) == code.hash)
        #expect(RecoveryCode.hash(ofTyped: codes[1].text) != code.hash)
        #expect(RecoveryCode.hash(ofTyped: String(code.text.dropLast())) == nil)
    }
}

@Suite struct SecretFormatTests {
    @Test func `a secret carries prefix and checksum`() throws {
        var random = SeededGenerator(3)
        let format = try #require(SecretFormat(prefix: "gateat_"))
        let secret = format.generate(using: &random)
        #expect(format.hash(of: secret.text) == secret.hash)
        #expect(secret.text.wholeMatch(of: try Regex(#"gateat_[0-9A-Za-z]{49}"#)) != nil)
        #expect(try Regex(format.scannerPattern).firstMatch(in: "token=\(secret.text);") != nil)
        #expect("\(secret)" == "gateat_…")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains(secret.text))
        for index in secret.text.indices.dropFirst(7) {
            var changed = secret.text
            changed.replaceSubrange(index...index, with: changed[index] == "a" ? "b" : "a")
            #expect(format.hash(of: changed) == nil)
        }
        #expect(SecretFormat(prefix: "gatert_")?.hash(of: secret.text) == nil)
    }

    @Test(arguments: ["", "_", "Gate_", "gate", "ga te_", "gate__x"]) func `odd prefixes are refused`(prefix: String) {
        #expect(SecretFormat(prefix: prefix) == nil)
    }

    @Test func `a link works for its purpose and in time`() {
        var random = SeededGenerator(3)
        let link = OneTimeLink(purpose: "reset", at: 1000, using: &random)
        #expect(link.record.accepts(link.secret.text, for: "reset", at: 1899))
        #expect(!link.record.accepts(link.secret.text, for: "reset", at: 1900))
        #expect(!link.record.accepts(link.secret.text, for: "invite", at: 1000))
        #expect(!link.record.accepts(OneTimeLink(purpose: "reset", at: 1000, using: &random).secret.text, for: "reset", at: 1000))
    }
}

@Suite struct FuzzTests {
    @Test func `no bytes stop the program`() {
        var random = SeededGenerator(42)
        let seeds = [PHCStringTests.good, "GEZDGNBVGY3TQOJQ", "K7QF-0000-1111-2222-3333-4444", "password password", "287082"]
        for round in 0..<4000 {
            var input = Array(seeds[round % seeds.count].utf8)
            for _ in 0..<Int.random(in: 0..<4, using: &random) where !input.isEmpty {
                let at = Int.random(in: 0..<input.count, using: &random)
                input[at] = UInt8.random(in: 0...255, using: &random)
                if Bool.random(using: &random) { input.remove(at: Int.random(in: 0..<input.count, using: &random)) }
            }
            fuzzPasswordText(input)
        }
    }
}
