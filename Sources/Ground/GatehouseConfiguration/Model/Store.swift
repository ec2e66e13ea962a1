internal import GatehouseCore

/// The SQL store.
public struct Store: Sendable, Equatable {
    /// The address of a PostgreSQL database; nil: embedded SQLite in the data folder.
    public var postgres: DatabaseAddress?
    /// The password of the database's user, by reference.
    public var password: Secret?

    /// Embedded.
    public init() {}

    /// The address with the password in it, in libpq's form; nil for the embedded store. Not for printing.
    public var address: String? {
        guard let address = postgres?.address.reveal() else { return nil }
        guard let password = password?.value.reveal() else { return address }
        return address + (address.contains("?") ? "&" : "?") + "password=" + Self.escaped(password)
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            let character = Character(UnicodeScalar(byte))
            if byte < 128, character.isLetter || character.isNumber {
                result.append(character)
            } else {
                result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}

extension Store: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "store" }
    /// What it is for.
    public static var about: String { "Where state is kept: embedded SQLite in the `data` folder, or PostgreSQL for a fleet." }
    /// The address alone.
    public static var shortForm: ValueForm? { Optional<DatabaseAddress>.form }

    /// Its keys.
    public static var keys: [ConfigurationKey<Store>] {
        [
            ConfigurationKey(
                "postgres", \.postgres, "The address of a PostgreSQL database without a password, or a reference to a whole one.",
                risk: weakness),
            ConfigurationKey("password", \.password, "The password of the database's user, by reference.", defaultText: "none"),
        ]
    }

    /// Takes the address alone.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let address = Optional<DatabaseAddress>.read(node, over: nil, with: &reader) else { return false }
        postgres = address
        if let address, let why = Self.weakness.reason(address) { reader.unsafe(address.shown, because: why, at: node) }
        return true
    }

    /// Refuses a password without a database.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard password != nil, postgres == nil else { return }
        reader.error("`password` needs `postgres`", at: node["password"] ?? node)
    }

    private static var weakness: Risk<DatabaseAddress?> {
        Risk(sentence: "An address beyond this machine without `sslmode=verify-full`: anyone on the way may answer for the database.") {
            $0?.weakness
        }
    }
}
