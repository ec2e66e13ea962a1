public import GatehouseStore

/// Seals what is secret or personal before it is stored, bound to its place.
public protocol IdentitySealer: Sendable {
    /// Seals a value for one column of one row.
    func seal(_ value: [UInt8], table: String, column: String, row: String, in transaction: Transaction) throws -> [UInt8]
    /// Opens a value in its place.
    ///
    /// - Throws: where it was sealed for another place, or was changed.
    func open(_ sealed: [UInt8], table: String, column: String, row: String, in transaction: Transaction) throws -> [UInt8]
    /// A blind index of a value: equal values of one column have equal indexes, which tell nothing else.
    func index(_ value: [UInt8], table: String, column: String, in transaction: Transaction) throws -> [UInt8]
    /// Every index that a value may have, one for each key in use.
    func indexForms(of value: [UInt8], table: String, column: String, in transaction: Transaction) throws -> [[UInt8]]
}
