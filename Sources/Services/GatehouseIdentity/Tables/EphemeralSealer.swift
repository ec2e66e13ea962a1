import Crypto
import Foundation
public import GatehouseStore

/// Seals under a key that is gone with the process: for tests and measurements, never for data that should be read again.
public struct EphemeralSealer: IdentitySealer {
    private let key = SymmetricKey(size: .bits256)

    /// A sealer with a new key.
    public init() {}

    /// The value, sealed for this place.
    public func seal(_ value: [UInt8], table: String, column: String, row: String, in transaction: Transaction) throws -> [UInt8] {
        guard let sealed = try AES.GCM.seal(value, using: key, authenticating: Self.place(table, column, row)).combined else { return [] }
        return [UInt8](sealed)
    }

    /// What was sealed at this place.
    ///
    /// - Throws: where it was sealed for another place or was changed.
    public func open(_ sealed: [UInt8], table: String, column: String, row: String, in transaction: Transaction) throws -> [UInt8] {
        [UInt8](try AES.GCM.open(.init(combined: sealed), using: key, authenticating: Self.place(table, column, row)))
    }

    /// The blind index of a value.
    public func index(_ value: [UInt8], table: String, column: String, in transaction: Transaction) throws -> [UInt8] {
        [UInt8](HMAC<SHA256>.authenticationCode(for: Self.place(table, column, "") + value, using: key))
    }

    /// Every form under which an index may stand: one per version of the key.
    public func indexForms(of value: [UInt8], table: String, column: String, in transaction: Transaction) throws -> [[UInt8]] {
        [try index(value, table: table, column: column, in: transaction)]
    }

    private static func place(_ table: String, _ column: String, _ row: String) -> [UInt8] { Array("\(table)\0\(column)\0\(row)\0".utf8) }
}
