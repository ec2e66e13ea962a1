import Foundation

/// A copy of a whole store in one file, readable by either database: what was a SQLite file can be restored into PostgreSQL and back.
///
/// The file holds the migrations that made the tables and then every row, as values. Sealed values are copied as they are: a
/// backup is as sealed as the store, and opens with the same root key. It ends with a digest, so that a cut or changed file is refused
/// before anything is restored.
extension Store {
    /// Writes a backup while the store goes on: all tables as one transaction saw them.
    ///
    /// - Returns: how many rows were copied.
    /// - Throws: ``StoreError`` with code `backup` where the file cannot be written.
    @discardableResult
    public func backUp(to path: String) async throws -> Int {
        try await read { transaction in
            let writer = try BackupWriter(path: path)
            for migration in try Ledger.recorded(in: transaction) { try writer.write(migration) }
            var count = 0
            for table in try Self.tables(in: transaction) {
                let columns = try Self.columns(of: table, in: transaction)
                try writer.write(table: table, columns: columns)
                count += try Self.eachRow(of: table, columns: columns, in: transaction) { try writer.write(row: $0) }
            }
            try writer.finish()
            return count
        }
    }

    /// Fills an empty store from a backup, in one transaction.
    ///
    /// Refuses: a store that has tables already; a file that was cut off or changed.
    /// - Returns: how many rows were restored.
    /// - Throws: ``StoreError`` with code `backup`.
    @discardableResult
    public func restore(from path: String, now: Int64 = Store.milliseconds()) async throws -> Int {
        let backup = try BackupReader(path: path).backup()
        try await Ledger.create(in: self)
        return try await write { transaction in
            try Ledger.lock(in: transaction)
            guard try Ledger.recorded(in: transaction).isEmpty else {
                throw StoreError(.backup, "the store is not empty: restore into a new one")
            }
            for migration in backup.migrations { try Ledger.apply(migration, in: transaction, now: now) }
            // Migrations may have put rows in; the backup has them as they became.
            for table in backup.tables.reversed() { try transaction.run("DELETE FROM \(SQL(name: table.name))") }
            var count = 0
            for table in try Self.ordered(backup.tables, in: transaction) {
                let columns = SQL(joining: table.columns.map { SQL(name: $0) }, separator: ", ")
                let booleans = try Self.booleans(of: table.name, in: transaction)
                let isBoolean = table.columns.map { booleans.contains($0) }
                for row in table.rows {
                    let values = zip(row, isBoolean).map { value, isBoolean in isBoolean ? value.asBoolean : value }
                    try transaction.run("INSERT INTO \(SQL(name: table.name)) (\(columns)) VALUES (\(list: values))")
                    count += 1
                }
            }
            return count
        }
    }

    /// The service tables, parents before the tables that refer to them.
    static func tables(in transaction: Transaction) throws -> [String] {
        let rows =
            transaction.dialect == .sqlite
            ? try transaction.rows(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'gatehouse_migrations' ORDER BY rowid"
            )
            : try transaction.rows(
                """
                SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'r' AND n.nspname = current_schema() AND c.relname <> 'gatehouse_migrations' ORDER BY c.oid
                """)
        return try rows.map { try $0.text("name") }
    }

    /// The tables in the order in which the migrations made them, whatever order the backup has.
    private static func ordered(_ tables: [Backup.Table], in transaction: Transaction) throws -> [Backup.Table] {
        let order = try Self.tables(in: transaction)
        return tables.sorted { (order.firstIndex(of: $0.name) ?? order.count) < (order.firstIndex(of: $1.name) ?? order.count) }
    }

    private static func columns(of table: String, in transaction: Transaction) throws -> [String] {
        let rows =
            transaction.dialect == .sqlite
            ? try transaction.rows("SELECT name FROM pragma_table_info(\(table)) ORDER BY cid")
            : try transaction.rows(
                """
                SELECT a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relname = \(table) AND n.nspname = current_schema() AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
                """)
        return try rows.map { try $0.text("name") }
    }

    /// The columns that PostgreSQL takes booleans for, which SQLite gave as integers.
    private static func booleans(of table: String, in transaction: Transaction) throws -> Set<String> {
        guard transaction.dialect == .postgres else { return [] }
        let rows = try transaction.rows(
            """
            SELECT a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relname = \(table) AND n.nspname = current_schema() AND a.attnum > 0 AND a.atttypid = 16
            """)
        return Set(try rows.map { try $0.text("name") })
    }

    /// Rows in pages, by the database's own place of a row, so that a large table does not fill the memory.
    private static func eachRow(
        of table: String, columns: [String], in transaction: Transaction, _ body: ([SQLValue]) throws -> Void
    ) throws -> Int {
        let selected = SQL(joining: columns.map { SQL(name: $0) }, separator: ", ")
        let (page, place): (Int, SQL) = (1000, "\(sqlite: "rowid", postgres: "ctid")")
        var count = 0
        while true {
            let rows = try transaction.rows("SELECT \(selected) FROM \(SQL(name: table)) ORDER BY \(place) LIMIT \(page) OFFSET \(count)")
            for row in rows { try body(row.values) }
            count += rows.count
            if rows.count < page { return count }
        }
    }
}

extension SQLValue {
    /// An integer as the boolean that it stands for.
    fileprivate var asBoolean: SQLValue { if case .integer(let integer) = self { .bool(integer != 0) } else { self } }
}

/// A backup in memory.
struct Backup {
    struct Table {
        var name: String
        var columns: [String]
        var rows: [[SQLValue]] = []
    }

    var migrations: [RecordedMigration] = []
    var tables: [Table] = []
}
