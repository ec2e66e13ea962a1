public import Envelope

/// Which columns of a table are sealed, and what their seals are bound to.
///
/// Services pass their sealed tables to ``KeyKeeper``, which then can count what a key version still opens, and rewrap it.
///
///     let people = SealedTable("people", row: "id", revision: "revision", tenant: "tenant", columns: [
///         .record("email", purpose: "identity.contact"),
///         .index("email_index", of: "email", purpose: "identity.contact"),
///     ])
public struct SealedTable: Sendable {
    /// The table's name.
    public let name: String
    /// The column whose value tells rows apart: the primary key, `TEXT`, `BIGINT`, or `BYTEA`, which places name in hexadecimal.
    public let row: String
    /// The column that counts the row's changes, where there is one.
    public let revision: String?
    /// The column that says whose row it is, where there is one.
    public let tenant: String?
    /// The sealed columns.
    public let columns: [SealedColumn]

    /// Describes a table; all names come from the source.
    public init(
        _ name: StaticString, row: StaticString, revision: StaticString? = nil, tenant: StaticString? = nil, columns: [SealedColumn]
    ) {
        self.name = name.description
        self.row = row.description
        self.revision = revision?.description
        self.tenant = tenant?.description
        self.columns = columns
    }

    /// The place of a column in a row.
    public func place(_ column: SealedColumn, row: String, tenant: String = "", revision: Int64 = 0) -> Place {
        Place(
            purpose: column.purpose, tenant: tenant, table: name, row: row, column: column.name,
            revision: self.revision == nil ? 0 : revision)
    }

    /// The place of a column in a row, by the column's name.
    public func place(_ column: StaticString, row: String, tenant: String = "", revision: Int64 = 0) -> Place {
        guard let column = columns.first(where: { $0.name == column.description }) else {
            preconditionFailure("no sealed column `\(column)` in `\(name)`")
        }
        return place(column, row: row, tenant: tenant, revision: revision)
    }

    /// The columns that a place is read from.
    var placeColumns: [String] { [row] + [revision, tenant].compactMap(\.self) }

    /// The place of a column in a row that was read with ``placeColumns``.
    func place(_ column: SealedColumn, in values: Row) throws -> Place {
        place(
            column, row: try values.key(row), tenant: try tenant.map { try values.text($0) } ?? "",
            revision: try revision.map { try values.integer($0) } ?? 0)
    }
}

/// One sealed column of type `BYTEA`.
public struct SealedColumn: Sendable {
    /// The column's name.
    public let name: String
    /// What its key is for.
    public let purpose: String
    /// The kind of key.
    public let kind: KeyKind
    /// For an index: the column that it is an index of, and what is done to the value first.
    let source: (name: String, normalize: @Sendable ([UInt8]) -> [UInt8])?
    /// For a format: the characters that change.
    public private(set) var alphabet = ""

    /// A column of records: equal values look different.
    public static func record(_ name: StaticString, purpose: String) -> SealedColumn {
        SealedColumn(name: name.description, purpose: purpose, kind: .record, source: nil)
    }

    /// A column whose equal values look equal, and can be found and read: equality and frequency leak.
    public static func deterministic(_ name: StaticString, purpose: String) -> SealedColumn {
        SealedColumn(name: name.description, purpose: purpose, kind: .deterministic, source: nil)
    }

    /// A column whose values keep their format (FF1), such as card numbers: equality and frequency leak, integrity is not protected.
    ///
    /// - Parameter alphabet: the characters that change, each once; separators stay.
    public static func format(_ name: StaticString, purpose: String, alphabet: String = "0123456789") -> SealedColumn {
        var column = SealedColumn(name: name.description, purpose: purpose, kind: .format, source: nil)
        column.alphabet = alphabet
        return column
    }

    /// A blind index of a sealed column of the same table: equal values can be found, not read.
    public static func index(
        _ name: StaticString, of source: StaticString, purpose: String,
        normalize: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 }
    ) -> SealedColumn {
        SealedColumn(name: name.description, purpose: purpose, kind: .index, source: (source.description, normalize))
    }
}

extension Row {
    /// A key column as the text that places are made of.
    func key(_ column: String) throws(StoreError) -> String {
        switch try value(column) {
        case .text(let text): return text
        case .integer(let integer): return String(integer)
        case .blob(let bytes): return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        default: throw StoreError(.decoding, "column `\(column)` is no key")
        }
    }
}

extension SQL {
    /// A quoted name that came from the source by way of a ``SealedTable`` or ``Migration``.
    init(name: String) { pieces = [.literal("\"" + name.split(separator: "\"").joined() + "\"")] }
}
