import Crypto
import Foundation
import GatehouseConfiguration
import GatehouseIdentitySite
internal import Passwords
import Testing

@Suite struct BreachedPasswordTests {
    static let known = (0..<500).map { "password number \($0)" }

    /// Digests in order, as they are published.
    static func list() -> String {
        known.map { Insecure.SHA1.hash(data: Array($0.utf8)).map { String(format: "%02X", $0) }.joined() }.sorted()
            .enumerated().map { "\($1):\($0 + 1)" }.joined(separator: "\r\n") + "\r\n"
    }

    @Test(arguments: [false, true])
    func `passwords of the list are refused, from digests in order and from a filter`(isFilter: Bool) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (digests, filter) = (folder.path + "/digests", folder.path + "/filter")
        try Data(Self.list().utf8).write(to: URL(fileURLWithPath: digests))
        if isFilter { #expect(try BreachedPasswords.makeFilter(of: digests, into: filter) == 500) }
        var settings = Identity()
        settings.passwords.breached = FilePath(isFilter ? filter : digests)
        let rules = try settings.passwordRules()
        for password in Self.known { #expect(rules.refusal(of: password, hasMFA: false) == .known, "\(password)") }
        let alarms = (0..<500).count { rules.refusal(of: "another phrase, number \($0)", hasMFA: false) != nil }
        #expect(alarms <= (isFilter ? 15 : 0))
    }

    @Test func `a file that is no list stops the start`() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data("password\n123456\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var settings = Identity()
        settings.passwords.breached = FilePath(file.path)
        #expect(throws: IdentityFailure.self) { try settings.passwordRules() }
    }
}
