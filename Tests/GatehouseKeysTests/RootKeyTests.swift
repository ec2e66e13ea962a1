import Envelope
import Foundation
import GatehouseKeys
import Testing

@Suite struct RootKeyTests {
    private let context = KeyContext(id: KeyID(bytes: Array(1...8)), name: KeyName(.keyEncryption, purpose: "identity"), version: 1)

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-keys-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    /// What one start wraps the next start must unwrap.
    private func expectSurvives(_ source: RootKeySource) throws {
        var generator = SystemRandomNumberGenerator()
        let key = try KeyMaterial(random: 32, using: &generator)
        let (first, second) = (try source.open(), try source.open())
        #expect(first.identifier == second.identifier)
        let wrapped = try first.wrap(key, for: context)
        #expect(try second.unwrap(wrapped, for: context).withBytes { $0 } == key.withBytes { $0 })
        let other = KeyContext(id: context.id, name: context.name, version: 2)
        #expect(throws: EnvelopeError(.notAuthentic, "")) { try second.unwrap(wrapped, for: other) }
    }

    @Test func `a generated file survives a restart and is closed to others`() throws {
        try withFolder { folder in
            let source = try RootKeySource(setting: "file:\(folder)/data/root.key", dataFolder: folder)
            #expect(source.strength == .besideTheData)
            try expectSurvives(source)
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/data/root.key")[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder + "/data/root.key")
            #expect(throws: EnvelopeError(.unavailable, "")) { try source.open() }
        }
    }

    @Test func `a passphrase file unlocks the locked key`() throws {
        try withFolder { folder in
            try Data("correct horse battery staple\n".utf8).write(to: URL(fileURLWithPath: folder + "/pass"))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/pass")
            let source = try RootKeySource(setting: "passphrase:\(folder)/pass", dataFolder: folder)
            try expectSurvives(source)
            try Data("another passphrase\n".utf8).write(to: URL(fileURLWithPath: folder + "/pass"))
            #expect(throws: EnvelopeError(.notAuthentic, "")) { try source.open() }
        }
    }

    @Test(.enabled(if: SoftToken.isPresent)) func `a key in a device never leaves it`() throws {
        try withFolder { folder in
            let address = try SoftToken.address(in: folder)
            let source = try RootKeySource(setting: address, dataFolder: folder)
            #expect(source.strength == .device)
            try expectSurvives(source)
        }
    }

    @Test(arguments: ["root.key", "file:", "vault:x", "pkcs11:token=a", "pkcs11:token=a;object=b?module-path=/m&pin-value=1&colour=red"])
    func `a setting that cannot be read is refused`(setting: String) {
        #expect(throws: EnvelopeError(.malformed, "")) { try RootKeySource(setting: setting, dataFolder: "data") }
    }
}

/// A software token of SoftHSM in a folder of the test's own.
enum SoftToken {
    private static let module = "/usr/lib/softhsm/libsofthsm2.so"

    static var isPresent: Bool {
        let present =
            FileManager.default.fileExists(atPath: module) && FileManager.default.isExecutableFile(atPath: "/usr/bin/softhsm2-util")
        if !present { FileHandle.standardError.write(Data("skipped: softhsm2 is not installed, PKCS#11 is not tested\n".utf8)) }
        return present
    }

    static func address(in folder: String) throws -> String {
        try FileManager.default.createDirectory(atPath: folder + "/tokens", withIntermediateDirectories: true)
        try Data("directories.tokendir = \(folder)/tokens\nlog.level = ERROR\n".utf8).write(
            to: URL(fileURLWithPath: folder + "/softhsm2.conf"))
        unsafe setenv("SOFTHSM2_CONF", folder + "/softhsm2.conf", 1)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/softhsm2-util")
        process.arguments = ["--init-token", "--free", "--label", "gate house", "--pin", "123456", "--so-pin", "123456"]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try Data("123456\n".utf8).write(to: URL(fileURLWithPath: folder + "/pin"))
        return "pkcs11:token=gate%20house;object=root?module-path=\(module)&pin-source=\(folder)/pin"
    }
}

@Suite struct ProcessMemoryTests {
    @Test func `the process can be kept out of core dumps`() {
        #expect(ProcessMemory.keepSecret())
        #expect(!ProcessMemory.isDumpable)
    }
}
