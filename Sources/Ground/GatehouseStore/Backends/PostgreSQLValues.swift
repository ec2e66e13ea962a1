import CPostgreSQL

/// A parameter in PostgreSQL's binary form.
struct PostgreSQLParameter {
    let type: Oid
    let bytes: [UInt8]?

    /// - Throws: ``StoreError`` with code `statement` for text that holds NUL, which PostgreSQL cannot.
    init(_ value: SQLValue) throws(StoreError) {
        switch value {
        case .null: (type, bytes) = (0, nil)
        case .bool(let bool): (type, bytes) = (PostgreSQLType.bool, [bool ? 1 : 0])
        case .integer(let integer): (type, bytes) = (PostgreSQLType.int8, bigEndianBytes(UInt64(bitPattern: integer)))
        case .real(let real): (type, bytes) = (PostgreSQLType.float8, bigEndianBytes(real.bitPattern))
        case .blob(let blob): (type, bytes) = (PostgreSQLType.bytea, blob)
        case .text(let text):
            let utf8 = Array(text.utf8)
            guard !utf8.contains(0) else { throw StoreError(.statement, "text with a NUL character") }
            (type, bytes) = (PostgreSQLType.text, utf8)
        }
    }
}

/// Object identifiers of the built-in types, fixed in PostgreSQL's catalogue (`pg_type.dat`).
enum PostgreSQLType {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let name: Oid = 19
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let oid: Oid = 26
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let unknown: Oid = 705
    static let bpchar: Oid = 1042
    static let varchar: Oid = 1043
    static let numeric: Oid = 1700
}

/// Reads libpq's binary results.
enum PostgreSQLResult {
    static func rows(of pointer: OpaquePointer) throws -> [Row] {
        let fields = unsafe PQnfields(pointer)
        let columns = (0..<fields).map { unsafe String(cString: PQfname(pointer, $0)) }
        let types = (0..<fields).map { unsafe PQftype(pointer, $0) }
        return try (0..<(unsafe PQntuples(pointer))).map { row in
            let values = try (0..<fields).map { field in
                try unsafe value(of: pointer, row, field, type: types[Int(field)], column: columns[Int(field)])
            }
            return Row(columns: columns, values: values)
        }
    }

    private static func value(
        of pointer: OpaquePointer, _ row: Int32, _ field: Int32, type: Oid, column: String
    ) throws -> SQLValue {
        guard unsafe PQgetisnull(pointer, row, field) == 0, let start = unsafe PQgetvalue(pointer, row, field) else { return .null }
        let length = unsafe Int(PQgetlength(pointer, row, field))
        let bytes = unsafe Array(UnsafeRawBufferPointer(start: start, count: length))
        guard let value = value(bytes, type: type) else {
            throw StoreError(.decoding, "column `\(column)` has a type that the store does not read, object identifier \(type)")
        }
        return value
    }

    static func value(_ bytes: [UInt8], type: Oid) -> SQLValue? {
        switch type {
        case PostgreSQLType.bool: .bool(bytes.first == 1)
        case PostgreSQLType.int8: .integer(Int64(bitPattern: bigEndian(bytes)))
        case PostgreSQLType.int4: .integer(Int64(Int32(truncatingIfNeeded: bigEndian(bytes))))
        case PostgreSQLType.int2: .integer(Int64(Int16(truncatingIfNeeded: bigEndian(bytes))))
        case PostgreSQLType.oid: .integer(Int64(bigEndian(bytes)))
        case PostgreSQLType.float8: .real(Double(bitPattern: bigEndian(bytes)))
        case PostgreSQLType.float4: .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bigEndian(bytes)))))
        case PostgreSQLType.bytea: .blob(bytes)
        case PostgreSQLType.numeric: numeric(bytes)
        case PostgreSQLType.text, PostgreSQLType.varchar, PostgreSQLType.bpchar, PostgreSQLType.name, PostgreSQLType.unknown:
            .text(String(decoding: bytes, as: UTF8.self))
        default: nil
        }
    }

    /// `SUM` and `AVG` of integers arrive as `numeric`: base-10,000 digits with a weight. Whole numbers that fit are
    /// integers, others the nearest `Double`.
    private static func numeric(_ bytes: [UInt8]) -> SQLValue? {
        guard bytes.count >= 8 else { return nil }
        let words = stride(from: 0, to: bytes.count - 1, by: 2).map { Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) }
        let weight = Int(Int16(truncatingIfNeeded: words[1]))
        guard words[2] == 0 || words[2] == 0x4000, words.count >= 4 + words[0] else { return nil }
        let digits = words[4..<(4 + words[0])]
        let sign: Int64 = words[2] == 0 ? 1 : -1
        if digits.count <= weight + 1, weight < 4 {
            let whole = (0...max(weight, 0)).reduce(Int64(0)) { $0 * 10_000 + Int64($1 < digits.count ? digits[4 + $1] : 0) }
            return .integer(sign * (weight < 0 ? 0 : whole))
        }
        let scaled = digits.reduce(0.0) { $0 * 10_000 + Double($1) }
        var exponent = weight + 1 - digits.count
        var real = scaled
        while exponent < 0 { real /= 10_000; exponent += 1 }
        while exponent > 0 { real *= 10_000; exponent -= 1 }
        return .real(Double(sign) * real)
    }
}

func bigEndianBytes(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) }
}

func bigEndian(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
}
