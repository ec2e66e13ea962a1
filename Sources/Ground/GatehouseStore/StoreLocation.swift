/// Where a store's data lies.
public enum StoreLocation: Sendable, Hashable, CustomStringConvertible {
    /// A SQLite file; it and its folder are created with modes 0600 and 0700.
    case file(String)
    /// A SQLite database in memory, gone when the store is.
    case memory
    /// A PostgreSQL server, as a connection address in libpq's form.
    case postgres(String)

    /// Reads the `store:` setting: an address that begins with `postgres://` or `postgresql://`, or else the path of
    /// a folder, in which the file is `gatehouse.sqlite`.
    public init(setting: String) {
        if setting.hasPrefix("postgres://") || setting.hasPrefix("postgresql://") {
            self = .postgres(setting)
        } else {
            self = .file(setting.hasSuffix("/") ? setting + "gatehouse.sqlite" : setting + "/gatehouse.sqlite")
        }
    }

    /// The location without the password that an address may hold.
    public var description: String {
        switch self {
        case .file(let path): return path
        case .memory: return "memory"
        case .postgres(let address):
            guard let at = address.lastIndex(of: "@"), let scheme = address.firstRange(of: "://") else {
                return String(address.prefix { $0 != "?" })
            }
            return address[..<scheme.upperBound] + "…" + address[at...].prefix { $0 != "?" }
        }
    }
}
