/// A value as both databases can hold it.
///
/// `BOOLEAN` columns hold `bool` in PostgreSQL and 0 or 1 in SQLite; ``Row`` reads either as a `Bool`.
public enum SQLValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// What can be a parameter of a statement.
public protocol SQLValueConvertible {
    /// The value as the database holds it.
    var sqlValue: SQLValue { get }
}

extension SQLValue: SQLValueConvertible {
    /// The value as the database holds it.
    public var sqlValue: SQLValue { self }
}

extension String: SQLValueConvertible {
    /// The value as the database holds it.
    public var sqlValue: SQLValue { .text(self) }
}

extension Substring: SQLValueConvertible {
    /// The value as the database holds it.
    public var sqlValue: SQLValue { .text(String(self)) }
}

extension Int: SQLValueConvertible {
    /// The value as the database holds it.
    public var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Int64: SQLValueConvertible {
    /// The value as the database holds it.
    public var sqlValue: SQLValue { .integer(self) }
}

extension Int32: SQLValueConvertible {
    /// The value as the database holds it.
    public var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension UInt32: SQLValueConvertible {
    /// The value as the database holds it.
    public var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Bool: SQLValueConvertible {
    /// The value as the database holds it.
    public var sqlValue: SQLValue { .bool(self) }
}

extension Double: SQLValueConvertible {
    /// The value as the database holds it.
    public var sqlValue: SQLValue { .real(self) }
}

extension [UInt8]: SQLValueConvertible {
    /// The value as the database holds it.
    public var sqlValue: SQLValue { .blob(self) }
}

extension ArraySlice<UInt8>: SQLValueConvertible {
    /// The value as the database holds it.
    public var sqlValue: SQLValue { .blob(Array(self)) }
}

extension Optional: SQLValueConvertible where Wrapped: SQLValueConvertible {
    /// The value as the database holds it.
    public var sqlValue: SQLValue { self?.sqlValue ?? .null }
}
