import Crypto
import Foundation
import Glibc

/// The backup's form: a magic word, records of a kind byte with fields behind them, and SHA-256 of all that came before.
///
/// A field is a type byte and, for text and bytes, a length of four bytes.
enum BackupForm {
    static let magic = Array("GHSTORE1".utf8)
    static let migration: UInt8 = 1
    static let table: UInt8 = 2
    static let row: UInt8 = 3
    static let end: UInt8 = 0

    static func encoded(_ value: SQLValue) -> [UInt8] {
        switch value {
        case .null: [0]
        case .bool(let bool): [1, bool ? 1 : 0]
        case .integer(let integer): [2] + bigEndianBytes(UInt64(bitPattern: integer))
        case .real(let real): [3] + bigEndianBytes(real.bitPattern)
        case .text(let text): [4] + bigEndianBytes(UInt64(text.utf8.count)).suffix(4) + text.utf8
        case .blob(let bytes): [5] + bigEndianBytes(UInt64(bytes.count)).suffix(4) + bytes
        }
    }
}

/// Writes a backup beside its place and renames it there when it is whole.
final class BackupWriter {
    private let path: String
    private let file: FileHandle
    private var hasher = SHA256()
    private var buffer = BackupForm.magic

    init(path: String) throws(StoreError) {
        self.path = path
        let draft = path + ".new"
        guard FileManager.default.createFile(atPath: draft, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: draft)
        else { throw StoreError(.backup, "cannot write `\(path)`") }
        self.file = file
    }

    func write(_ migration: RecordedMigration) throws {
        let number = SQLValue.integer(Int64(migration.number))
        let texts = [migration.owner, migration.name, joined(migration.sqlite), joined(migration.postgres)].map { SQLValue.text($0) }
        try record(BackupForm.migration, [number] + texts)
    }

    func write(table: String, columns: [String]) throws { try record(BackupForm.table, ([table] + columns).map { .text($0) }) }

    func write(row: [SQLValue]) throws { try record(BackupForm.row, row) }

    func finish() throws {
        buffer.append(BackupForm.end)
        try flush()
        do {
            try file.write(contentsOf: Array(hasher.finalize()))
            try file.synchronize()
            try file.close()
        } catch {
            throw StoreError(.backup, "cannot write `\(path)`: \(error.localizedDescription)")
        }
        guard unsafe rename(path + ".new", path) == 0 else { throw StoreError(.backup, "cannot write `\(path)`") }
    }

    private func joined(_ statements: [String]) -> String { statements.joined(separator: String(RecordedMigration.separator)) }

    private func record(_ kind: UInt8, _ fields: [SQLValue]) throws {
        buffer.append(kind)
        buffer += bigEndianBytes(UInt64(fields.count)).suffix(4)
        for field in fields { buffer += BackupForm.encoded(field) }
        if buffer.count > 1 << 20 { try flush() }
    }

    private func flush() throws {
        hasher.update(data: buffer)
        do { try file.write(contentsOf: buffer) } catch {
            throw StoreError(.backup, "cannot write `\(path)`: \(error.localizedDescription)")
        }
        buffer = []
    }
}

/// Reads a backup whole, after its digest has been checked.
struct BackupReader {
    private var bytes: [UInt8]
    private var at = 0

    init(path: String) throws(StoreError) {
        guard let data = FileManager.default.contents(atPath: path) else { throw StoreError(.backup, "cannot read `\(path)`") }
        try self.init(bytes: [UInt8](data))
    }

    init(bytes: [UInt8]) throws(StoreError) {
        guard bytes.starts(with: BackupForm.magic), bytes.count > 41 else { throw StoreError(.backup, "the file is no backup of a store") }
        guard Array(SHA256.hash(data: bytes.dropLast(32))) == Array(bytes.suffix(32)) else {
            throw StoreError(.backup, "the backup was cut off or changed")
        }
        self.bytes = Array(bytes.dropLast(32))
        at = BackupForm.magic.count
    }

    func backup() throws(StoreError) -> Backup {
        var reader = self
        var backup = Backup()
        while let kind = reader.take(1).first, kind != BackupForm.end {
            let fields = try reader.fields()
            switch kind {
            case BackupForm.migration: backup.migrations.append(try Self.migration(fields))
            case BackupForm.table: backup.tables.append(try Self.table(fields))
            case BackupForm.row:
                guard let table = backup.tables.indices.last, backup.tables[table].columns.count == fields.count else {
                    throw Self.malformed
                }
                backup.tables[table].rows.append(fields)
            default: throw Self.malformed
            }
        }
        guard reader.at == reader.bytes.count else { throw Self.malformed }
        return backup
    }

    private static let malformed = StoreError(.backup, "the backup is not in a form that this program reads")

    private mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        let end = min(bytes.count, at + count)
        defer { at = end }
        return bytes[at..<end]
    }

    private mutating func number() throws(StoreError) -> Int {
        let taken = take(4)
        guard taken.count == 4 else { throw Self.malformed }
        return Int(bigEndian(taken))
    }

    private mutating func fields() throws(StoreError) -> [SQLValue] {
        let count = try number()
        guard count <= bytes.count - at else { throw Self.malformed }
        var fields: [SQLValue] = []
        for _ in 0..<count { fields.append(try field()) }
        return fields
    }

    private mutating func field() throws(StoreError) -> SQLValue {
        switch take(1).first {
        case 0: return .null
        case 1: return .bool(take(1).first == 1)
        case 2: return .integer(Int64(bitPattern: bigEndian(take(8))))
        case 3: return .real(Double(bitPattern: bigEndian(take(8))))
        case 4:
            let count = try number()
            guard let text = String(validating: take(count), as: UTF8.self) else { throw Self.malformed }
            return .text(text)
        case 5:
            let count = try number()
            return .blob(Array(take(count)))
        default: throw Self.malformed
        }
    }

    private static func migration(_ fields: [SQLValue]) throws(StoreError) -> RecordedMigration {
        guard fields.count == 5 else { throw malformed }
        return try RecordedMigration(Row(columns: ["number", "owner", "name", "sqlite", "postgres"], values: fields))
    }

    private static func table(_ fields: [SQLValue]) throws(StoreError) -> Backup.Table {
        var names: [String] = []
        for field in fields {
            guard case .text(let name) = field else { throw malformed }
            names.append(name)
        }
        guard let name = names.first else { throw malformed }
        return Backup.Table(name: name, columns: Array(names.dropFirst()))
    }
}

/// Feeds arbitrary bytes to the reader of backups, behind a digest that fits; must never trap.
public func fuzzBackup(_ bytes: [UInt8]) {
    let framed = BackupForm.magic + bytes
    _ = try? BackupReader(bytes: framed + SHA256.hash(data: framed)).backup()
}
