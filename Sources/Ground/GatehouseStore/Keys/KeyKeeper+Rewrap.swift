import Envelope

extension KeyKeeper {
    /// Seals every value of the known tables anew that an older version sealed, in transactions of 200 rows.
    ///
    /// May be stopped at any moment and started again: what is left is found by the values' own headers.
    /// - Returns: how many values were sealed anew.
    /// - Throws: ``StoreError``, ``EnvelopeError`` with code `notAuthentic` for a value that does not open, naming its place.
    @discardableResult
    public func rewrap() async throws -> Int {
        var count = 0
        for table in tables where try await store.read({ try $0.hasTable(table.name) }) {
            for column in table.columns {
                var last: SQLValue?
                while true {
                    let position = last
                    let step = try await store.write { try self.rewrap(column, of: table, after: position, in: $0) }
                    count += step.count
                    guard let next = step.last else { break }
                    last = next
                    try Task.checkCancellation()
                }
            }
        }
        return count
    }

    private static let batch = 200

    /// One batch: the rows whose value is under none of the versions that now seal.
    private func rewrap(
        _ column: SealedColumn, of table: SealedTable, after position: SQLValue?, in transaction: Transaction
    ) throws -> (count: Int, last: SQLValue?) {
        let rings = try view(in: transaction).snapshot.rings.values.filter {
            $0.name.kind == column.kind && $0.name.purpose == column.purpose
        }
        let current = rings.map { SealedHeader(.record, $0.id, $0.primary).label }
        guard !current.isEmpty else { return (0, nil) }
        let (name, row) = (SQL(name: column.name), SQL(name: table.row))
        let after: SQL = position.map { "AND \(row) > \($0)" } ?? ""
        let selected = SQL(joining: (table.placeColumns + [column.source?.name].compactMap(\.self)).map { SQL(name: $0) }, separator: ", ")
        let rows = try transaction.rows(
            """
            SELECT \(selected), \(name) FROM \(SQL(name: table.name))
            WHERE \(name) IS NOT NULL AND substr(\(name), 2, 12) NOT IN (\(list: current)) \(after)
            ORDER BY \(row) LIMIT \(Self.batch)
            """)
        for values in rows {
            let fresh = try resealed(column, of: table, values, in: transaction)
            try transaction.run(
                "UPDATE \(SQL(name: table.name)) SET \(name) = \(fresh) WHERE \(row) = \(values.value(table.row))")
        }
        return (rows.count, rows.count < Self.batch ? nil : try rows.last?.value(table.row))
    }

    private func resealed(_ column: SealedColumn, of table: SealedTable, _ values: Row, in transaction: Transaction) throws -> [UInt8] {
        let place = try table.place(column, in: values)
        let old = try values.blob(column.name)
        switch column.kind {
        case .record: return try seal(open(old, at: place, in: transaction), at: place, in: transaction)
        case .deterministic:
            return try sealDeterministically(openDeterministic(old, at: place, in: transaction), at: place, in: transaction)
        case .format:
            let text = try openFormat(old, alphabet: column.alphabet, at: place, in: transaction)
            return try sealFormat(text, alphabet: column.alphabet, at: place, in: transaction)
        case .index:
            guard let source = column.source, let from = table.columns.first(where: { $0.name == source.name }) else {
                throw StoreError(.misuse, "the index `\(column.name)` has no source")
            }
            let sourcePlace = try table.place(from, in: values)
            let sealed = try values.blob(source.name)
            let value: [UInt8]
            switch from.kind {
            case .record: value = try open(sealed, at: sourcePlace, in: transaction)
            case .format: value = Array(try openFormat(sealed, alphabet: from.alphabet, at: sourcePlace, in: transaction).utf8)
            default: value = try openDeterministic(sealed, at: sourcePlace, in: transaction)
            }
            return try index(source.normalize(value), at: place, in: transaction)
        default: throw StoreError(.misuse, "columns of kind `\(column.kind.rawValue)` do not exist")
        }
    }
}
