/// One row of a result, read by column name.
///
/// Each reader throws ``StoreError`` with code `decoding` when the column is missing, is null where a value is asked
/// for, or holds another type.
public struct Row: Sendable, Hashable {
    /// Column names, in the statement's order.
    public let columns: [String]
    /// The values, in the same order.
    public let values: [SQLValue]

    /// The value of a column, null included.
    public func value(_ column: String) throws(StoreError) -> SQLValue {
        guard let index = columns.firstIndex(of: column) else {
            throw StoreError(.decoding, "the row has no column `\(column)`")
        }
        return values[index]
    }

    /// A `TEXT` column.
    public func text(_ column: String) throws(StoreError) -> String {
        guard let text = try optionalText(column) else { throw unexpectedNull(column) }
        return text
    }

    /// A `TEXT` column that may be null.
    public func optionalText(_ column: String) throws(StoreError) -> String? {
        switch try value(column) {
        case .null: return nil
        case .text(let text): return text
        default: throw mismatch(column, "text")
        }
    }

    /// A `BIGINT` column.
    public func integer(_ column: String) throws(StoreError) -> Int64 {
        guard let integer = try optionalInteger(column) else { throw unexpectedNull(column) }
        return integer
    }

    /// A `BIGINT` column that may be null.
    public func optionalInteger(_ column: String) throws(StoreError) -> Int64? {
        switch try value(column) {
        case .null: return nil
        case .integer(let integer): return integer
        case .bool(let bool): return bool ? 1 : 0
        default: throw mismatch(column, "an integer")
        }
    }

    /// A `BIGINT` column as `Int`.
    public func int(_ column: String) throws(StoreError) -> Int { Int(try integer(column)) }

    /// A `BOOLEAN` column.
    public func bool(_ column: String) throws(StoreError) -> Bool {
        switch try value(column) {
        case .bool(let bool): return bool
        case .integer(0): return false
        case .integer(1): return true
        case .null: throw unexpectedNull(column)
        default: throw mismatch(column, "a boolean")
        }
    }

    /// A `DOUBLE PRECISION` column.
    public func real(_ column: String) throws(StoreError) -> Double {
        switch try value(column) {
        case .real(let real): return real
        case .integer(let integer): return Double(integer)
        case .null: throw unexpectedNull(column)
        default: throw mismatch(column, "a number")
        }
    }

    /// A `BYTEA` column.
    public func blob(_ column: String) throws(StoreError) -> [UInt8] {
        guard let blob = try optionalBlob(column) else { throw unexpectedNull(column) }
        return blob
    }

    /// A `BYTEA` column that may be null.
    public func optionalBlob(_ column: String) throws(StoreError) -> [UInt8]? {
        switch try value(column) {
        case .null: return nil
        case .blob(let bytes): return bytes
        default: throw mismatch(column, "bytes")
        }
    }

    private func unexpectedNull(_ column: String) -> StoreError { StoreError(.decoding, "column `\(column)` is null") }

    private func mismatch(_ column: String, _ wanted: String) -> StoreError {
        StoreError(.decoding, "column `\(column)` does not hold \(wanted)")
    }
}
