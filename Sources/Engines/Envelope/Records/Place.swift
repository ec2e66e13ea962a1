/// Where a sealed value belongs. It is bound into the seal, so that a value opens in its own place and nowhere else.
public struct Place: Sendable, Hashable {
    /// What the key is for, such as `identity.contact`.
    public var purpose: String
    /// Whose data it is; empty where there is one tenant.
    public var tenant: String
    /// The table.
    public var table: String
    /// The row's key.
    public var row: String
    /// The column.
    public var column: String
    /// The row's revision, which grows with each change: an older value put back does not open.
    public var revision: Int64

    /// A place; `revision` 0 for rows that never change.
    public init(purpose: String, tenant: String = "", table: String, row: String, column: String, revision: Int64 = 0) {
        self.purpose = purpose
        self.tenant = tenant
        self.table = table
        self.row = row
        self.column = column
        self.revision = revision
    }

    /// One byte string per place: each part with its length before it.
    var encoded: [UInt8] {
        [purpose, tenant, table, row, column].reduce(into: [UInt8("P".utf8.first ?? 80)]) { bytes, part in
            bytes += bigEndianBytes(UInt32(part.utf8.count)) + part.utf8
        } + bigEndianBytes(revision)
    }
}
