public import Envelope
import Foundation

/// Where the root key comes from. All of them start unattended.
///
/// As written in the configuration:
///
/// | setting | root key |
/// |---|---|
/// | `file:data/root.key` | 32 random bytes, made at the first start, mode 0600; the default and the weakest, since it lies beside the data |
/// | `passphrase:/run/secrets/gatehouse` | a key file beside the data (`root.locked`), locked by the passphrase in that file with Argon2id |
/// | `credential:gatehouse-root` | a systemd credential of 32 bytes, or 64 hexadecimal digits (`LoadCredentialEncrypted=`) |
/// | `pkcs11:token=…;object=…?module-path=…&pin-source=…` | an AES key that never leaves its device (RFC 7512) |
public enum RootKeySource: Sendable, Hashable {
    case file(path: String)
    case passphrase(path: String, keyFile: String)
    case credential(name: String)
    case pkcs11(PKCS11Address)

    /// How well the key is kept, for `gatehouse check`.
    public enum Strength: Int, Sendable, Comparable, CaseIterable {
        /// Whoever copies the data folder has the key too.
        case besideTheData
        /// Whoever copies the data folder needs something kept elsewhere.
        case apart
        /// The key cannot be copied.
        case device

        /// Weaker comes first.
        public static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }
    }

    /// Reads the setting.
    ///
    /// - Parameter dataFolder: where a locked key file lies.
    /// - Throws: ``EnvelopeError`` with code `malformed`.
    public init(setting: String, dataFolder: String) throws(EnvelopeError) {
        guard let colon = setting.firstIndex(of: ":") else {
            throw EnvelopeError(
                .malformed, "a root key is `file:`, `passphrase:`, `credential:` or `pkcs11:` and what it needs, not `\(setting)`")
        }
        let rest = String(setting[setting.index(after: colon)...])
        guard !rest.isEmpty else { throw EnvelopeError(.malformed, "the root key `\(setting)` names nothing") }
        switch setting[..<colon] {
        case "file": self = .file(path: rest)
        case "passphrase": self = .passphrase(path: rest, keyFile: dataFolder + "/root.locked")
        case "credential": self = .credential(name: rest)
        case "pkcs11": self = .pkcs11(try PKCS11Address(rest))
        default: throw EnvelopeError(.malformed, "unknown kind of root key `\(setting[..<colon])`")
        }
    }

    /// How well the key is kept.
    public var strength: Strength {
        switch self {
        case .file: .besideTheData
        case .passphrase, .credential: .apart
        case .pkcs11: .device
        }
    }

    /// True where opening makes a new key, since there is none yet.
    public var wouldBeMade: Bool {
        switch self {
        case .file(let path): !FileManager.default.fileExists(atPath: path)
        case .passphrase(_, let keyFile): !FileManager.default.fileExists(atPath: keyFile)
        case .credential, .pkcs11: false
        }
    }

    /// Opens the source; makes the key where this is the first start. Blocks: never on an event loop.
    ///
    /// - Throws: ``EnvelopeError`` with code `unavailable` for a file that is missing, open to others, or not a key.
    public func open() throws -> any KeyWrapper {
        switch self {
        case .file(let path): return try LocalKeyWrapper(root: RootKeyFile.material(at: path))
        case .passphrase(let path, let keyFile):
            return try LocalKeyWrapper(root: RootKeyFile.material(passphraseAt: path, keyFile: keyFile))
        case .credential(let name): return try LocalKeyWrapper(root: RootKeyFile.material(credential: name))
        case .pkcs11(let address): return try PKCS11KeyWrapper(address)
        }
    }
}

/// Reads and makes the files that hold root keys.
enum RootKeyFile {
    static func material(at path: String) throws -> KeyMaterial {
        if let bytes = try privateBytes(at: path) { return try material(from: bytes, path: path) }
        var generator = SystemRandomNumberGenerator()
        var bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        defer { wipe(&bytes) }
        try create(path, bytes)
        // Read back: where two programs started at once, the file that won is the key.
        return try material(from: try privateBytes(at: path) ?? bytes, path: path)
    }

    static func material(passphraseAt path: String, keyFile: String) throws -> KeyMaterial {
        guard var passphrase = try privateBytes(at: path) else {
            throw EnvelopeError(.unavailable, "no passphrase file `\(path)`")
        }
        defer { wipe(&passphrase) }
        while passphrase.last == UInt8(ascii: "\n") || passphrase.last == UInt8(ascii: "\r") { passphrase.removeLast() }
        if let bytes = try privateBytes(at: keyFile) { return try KeyFile(bytes).unlock(passphrase: passphrase) }
        var generator = SystemRandomNumberGenerator()
        let root = try KeyMaterial(random: 32, using: &generator)
        try create(keyFile, KeyFile(locking: root, passphrase: passphrase, using: &generator).bytes)
        return try KeyFile(privateBytes(at: keyFile) ?? []).unlock(passphrase: passphrase)
    }

    static func material(credential name: String) throws -> KeyMaterial {
        guard let folder = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] else {
            throw EnvelopeError(.unavailable, "systemd passed no credentials: set `LoadCredentialEncrypted=\(name)` in the unit")
        }
        guard !name.contains("/"), name != "..", let bytes = try? Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)) else {
            throw EnvelopeError(.unavailable, "no systemd credential `\(name)`")
        }
        return try material(from: [UInt8](bytes), path: name)
    }

    /// 32 bytes as they are, or 64 hexadecimal digits.
    private static func material(from bytes: [UInt8], path: String) throws -> KeyMaterial {
        var key = bytes.count == 32 ? bytes : hexadecimal(bytes)
        guard key.count == 32 else { throw EnvelopeError(.unavailable, "`\(path)` does not hold a key of 32 bytes") }
        return try KeyMaterial(&key)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        let digits = bytes.filter { $0 != 10 && $0 != 13 }.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 64, !digits.contains(nil) else { return [] }
        return stride(from: 0, to: 64, by: 2).map { UInt8((digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0)) }
    }

    /// A file's bytes, nil where there is none.
    ///
    /// Refuses: a file that others may read.
    private static func privateBytes(at path: String) throws -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
        guard mode & 0o077 == 0 else {
            throw EnvelopeError(.unavailable, "`\(path)` may be read by others (mode \(String(mode, radix: 8))): chmod 600")
        }
        guard let data = FileManager.default.contents(atPath: path) else { throw EnvelopeError(.unavailable, "cannot read `\(path)`") }
        return [UInt8](data)
    }

    /// Writes a new file with mode 0600, whole or not at all; leaves a file that is there already.
    private static func create(_ path: String, _ bytes: [UInt8]) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let draft = path + ".\(UInt32.random(in: 0 ... .max)).new"
        defer { try? FileManager.default.removeItem(atPath: draft) }
        guard FileManager.default.createFile(atPath: draft, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: draft)
        else { throw EnvelopeError(.unavailable, "cannot write `\(path)`") }
        try file.write(contentsOf: bytes)
        try file.synchronize()
        try file.close()
        if unsafe link(draft, path) != 0 && errno != EEXIST { throw EnvelopeError(.unavailable, "cannot write `\(path)`") }
    }
}
