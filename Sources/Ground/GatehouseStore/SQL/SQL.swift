/// One SQL statement, or a piece of one, whose interpolated values are bound parameters.
///
///     let account: SQL = "SELECT name FROM accounts WHERE id = \(id) AND active = \(true)"
///
/// The text between interpolations can only be a literal of the source: the literal type is `StaticString`, which a
/// string made at run time cannot become, so there is no way to send one to the database as SQL.
///
/// What an interpolation may hold: a value (``SQLValueConvertible``), another ``SQL``, `list:` for the members of an
/// `IN (…)`, and `sqlite:postgres:` for the few words in which the two databases differ.
public struct SQL: Sendable, Hashable, ExpressibleByStringInterpolation {
    /// What a statement is made of, in order.
    enum Piece: Sendable, Hashable {
        case literal(String)
        case value(SQLValue)
        case dialect(sqlite: String, postgres: String)
        case emptyList
    }

    var pieces: [Piece]

    /// A statement without parameters.
    public init(stringLiteral value: StaticString) { pieces = [.literal(value.description)] }

    /// A statement with its parameters.
    public init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

    /// The pieces of several statements with `separator` between them, such as conditions with `" AND "`.
    public init(joining parts: [SQL], separator: SQL) {
        pieces = Array(parts.map(\.pieces).joined(separator: separator.pieces))
    }

    /// Collects the pieces of a literal; the compiler calls it.
    public struct StringInterpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        /// Room for `literalCapacity` bytes of text and `interpolationCount` values.
        public init(literalCapacity: Int, interpolationCount: Int) { pieces.reserveCapacity(2 * interpolationCount + 1) }

        /// Text of the source.
        public mutating func appendLiteral(_ literal: StaticString) { pieces.append(.literal(literal.description)) }

        /// A bound parameter.
        public mutating func appendInterpolation(_ value: some SQLValueConvertible) { pieces.append(.value(value.sqlValue)) }

        /// A bound parameter that may be null.
        public mutating func appendInterpolation<Value: SQLValueConvertible>(_ value: Value?) {
            pieces.append(.value(value?.sqlValue ?? .null))
        }

        /// Another statement's pieces, parameters included.
        public mutating func appendInterpolation(_ fragment: SQL) { pieces += fragment.pieces }

        /// One parameter per member, for `IN (\(list: names))`.
        ///
        /// An empty list is refused when the statement runs, with ``StoreError/Code/statement``: `IN ()` means different
        /// things to different databases.
        public mutating func appendInterpolation(list values: some Sequence<some SQLValueConvertible>) {
            let parameters = values.map { [Piece.value($0.sqlValue)] }
            pieces += parameters.isEmpty ? [.emptyList] : Array(parameters.joined(separator: [.literal(", ")]))
        }

        /// Words that differ between the databases, both from the source.
        public mutating func appendInterpolation(sqlite: StaticString, postgres: StaticString) {
            pieces.append(.dialect(sqlite: sqlite.description, postgres: postgres.description))
        }
    }
}

/// The databases that a store can stand on.
public enum SQLDialect: String, Sendable, Hashable, CaseIterable {
    case sqlite, postgres
}

extension SQL {
    /// A statement as a database takes it: text with placeholders, and the parameters in order.
    struct Rendered: Hashable {
        var text = ""
        var parameters: [SQLValue] = []
    }

    /// Most parameters that one statement may have; below the limits of both databases.
    static let parameterLimit = 30_000

    /// - Throws: ``StoreError`` with code `statement` for an empty list or more than ``parameterLimit`` parameters.
    func rendered(for dialect: SQLDialect) throws(StoreError) -> Rendered {
        var result = Rendered()
        for piece in pieces {
            switch piece {
            case .literal(let text): result.text += text
            case .dialect(let sqlite, let postgres): result.text += dialect == .sqlite ? sqlite : postgres
            case .emptyList: throw StoreError(.statement, "an empty list in a statement: leave the condition out instead")
            case .value(let value):
                result.parameters.append(value)
                result.text += dialect == .sqlite ? "?" : "$\(result.parameters.count)"
            }
        }
        guard result.parameters.count <= Self.parameterLimit else {
            throw StoreError(.statement, "\(result.parameters.count) parameters in one statement, the limit is \(Self.parameterLimit)")
        }
        return result
    }
}
