public import GatehouseCore

/// The address of a PostgreSQL database: `postgres://…` without a password, or a reference to one that may hold it.
public struct DatabaseAddress: Sendable, Equatable {
    /// The whole address in libpq's form; it may hold a password.
    public let address: Redacted<String>
    /// What the file says: the address without a password, or the reference.
    public let shown: String

    /// Why others on the network may read what is sent or answer for the database; nil for a local or verified one.
    public var weakness: String? {
        let text = address.reveal()
        guard hosts(of: text).contains(where: { !Self.isLocal($0) }) else { return nil }
        let mode = parameter("sslmode", of: text)
        guard mode != "verify-full", mode != "verify-ca" else { return nil }
        return "without `sslmode=verify-full` anyone on the way may answer for the database and take its password"
    }

    private func hosts(of text: String) -> [String] {
        if let host = parameter("host", of: text) { return host.split(separator: ",").map(String.init) }
        guard let scheme = text.firstRange(of: "://") else { return [] }
        let authority = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
        let names = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return names.split(separator: ",").map { name in
            if name.hasPrefix("[") { return String(name.dropFirst().prefix { $0 != "]" }) }
            return String(name.prefix { $0 != ":" })
        }
    }

    private func parameter(_ name: String, of text: String) -> String? {
        guard let mark = text.firstIndex(of: "?") else { return nil }
        let pairs = text[text.index(after: mark)...].split(separator: "&")
        return pairs.last { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// True for a socket's folder, `localhost` and loopback addresses.
    private static func isLocal(_ host: String) -> Bool {
        host.isEmpty || host.hasPrefix("/") || host.lowercased().hasPrefix("%2f") || host == "localhost" || host.hasPrefix("127.")
            || host == "::1"
    }
}

extension DatabaseAddress: ConfigurationValue {
    /// `postgres://…`, `env:NAME` or `file:PATH`.
    public static var form: ValueForm {
        .scalar(
            ScalarForm(
                "database address, or a reference to one", plural: "database addresses",
                example: "postgres://gatehouse@db.internal/gatehouse?sslmode=verify-full", pattern: "^(postgres(ql)?://|env:|file:).+$"))
    }

    /// `sqlite`.
    public static var wordsForNone: [String] { ["sqlite"] }

    /// Reads an address, or fetches it from where it is kept.
    ///
    /// Refuses: an address with a password in the file itself; what is no address.
    public static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        guard let text = node.scalar, isAddress(text) else {
            guard let secret = Secret.read(node, over: nil, with: &reader) else { return nil }
            guard isAddress(secret.value.reveal()) else {
                reader.error("`\(secret.reference)` does not hold a `postgres://` address", at: node)
                return nil
            }
            return DatabaseAddress(address: secret.value, shown: secret.reference.description)
        }
        guard !holdsPassword(text) else {
            reader.record(
                .error, "a secret does not stand in this file", at: node.place,
                help: ["leave the password out and write `password: env:NAME` or `password: file:PATH` below `store`"], showsSource: false)
            return nil
        }
        return DatabaseAddress(address: Redacted(text), shown: text)
    }

    /// The address or the reference.
    public func rows(at path: String) -> [ConfigurationRow] { [ConfigurationRow(path: path, value: shown)] }

    private static func isAddress(_ text: String) -> Bool { text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") }

    private static func holdsPassword(_ text: String) -> Bool {
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
        let user = rest.lastIndex(of: "@").map { rest[..<$0] } ?? ""
        return user.contains(":") || rest.contains("password=")
    }
}
