internal import GatehouseCore

/// How callers and requests become Cedar's principals, actions and contexts.
public struct AuthorizationMapping: Sendable, Equatable {
    /// What names an action.
    public enum ActionSource: String, Sendable, CaseIterable {
        /// The `operationId` of the OpenAPI document where there is one, else the method.
        case operation
        /// The method.
        case method
    }

    /// The namespace of all types and actions; empty for none.
    public var namespace = ""
    /// The type of principals; default `User`.
    public var user = "User"
    /// The type of principals that are OAuth clients acting for themselves; empty: they are users.
    public var client = ""
    /// The type of the principal `"anonymous"` that stands for callers without identity; empty: they are refused with 401.
    public var anonymous = ""
    /// Short names of issuers. Where there are any, identities of other issuers are refused.
    public var issuers = NamedTexts()
    /// Names of issuers whose roles, groups and entitlements count; empty: all.
    public var roleIssuers: [String] = []
    /// The type of roles; default `Role`.
    public var role = "Role"
    /// The type of groups; default `Group`.
    public var group = "Group"
    /// The type of entitlements; default `Entitlement`.
    public var entitlement = "Entitlement"
    /// Attributes of the principal by name, each with the JSON Pointer of its claim; others are found by their own name.
    public var claims = NamedTexts()
    /// What names an action; default `operation`.
    public var action = ActionSource.operation
    /// The type of resources of routes that name none; their id is the template. Default `Route`.
    public var route = "Route"
    /// The issuer, by its name, of subjects that backends and paths name without one; empty: the only one of `issuers`.
    public var subjectsOf = ""

    /// The defaults.
    public init() {}
}

extension AuthorizationMapping: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "authorization mapping" }
    /// What it is for.
    public static var about: String {
        "How callers and requests become principals, actions and contexts. A principal is `User::\"ISSUER|SUBJECT\"`, never a subject alone."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<AuthorizationMapping>] {
        [
            ConfigurationKey("namespace", \.namespace, "The namespace of all types and actions.", defaultText: "none"),
            ConfigurationKey("user", \.user, "The type of principals."),
            ConfigurationKey(
                "client", \.client, "The type of principals that are OAuth clients acting for themselves.", defaultText: "that of `user`"),
            ConfigurationKey(
                "anonymous", \.anonymous,
                "The type of the principal `\"anonymous\"` for callers without identity; without it they get 401.", defaultText: "none"),
            ConfigurationKey(
                "issuers", \.issuers, "Short names of issuers; where there are any, identities of other issuers are refused.",
                defaultText: "none: an issuer stands as it is"),
            ConfigurationKey(
                "role_issuers", \.roleIssuers, "Names of issuers whose roles, groups and entitlements count.", defaultText: "all"),
            ConfigurationKey("role", \.role, "The type of roles, which become parents of the principal."),
            ConfigurationKey("group", \.group, "The type of groups, likewise."),
            ConfigurationKey("entitlement", \.entitlement, "The type of entitlements, likewise."),
            ConfigurationKey(
                "claims", \.claims,
                "Attributes of the principal by name, each with the JSON Pointer of its claim; others are found by their own name.",
                defaultText: "none"),
            ConfigurationKey("action", \.action, "What names an action: the `operationId` where there is one, or the method."),
            ConfigurationKey("route", \.route, "The type of resources of routes that name none; the template is their id."),
            ConfigurationKey(
                "subjects_of", \.subjectsOf, "The issuer, by its name, of subjects that backends and paths name without one.",
                defaultText: "the only one of `issuers`"),
        ]
    }

    /// Checks the names.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        let names = issuers.pairs.map(\.text)
        for name in names where name.isEmpty || name.contains("|") {
            reader.error("an issuer's name is not empty and has no `|`", at: node["issuers"] ?? node)
        }
        if Set(names).count != names.count { reader.error("two issuers have one name", at: node["issuers"] ?? node) }
        for (key, list) in [("role_issuers", roleIssuers), ("subjects_of", subjectsOf.isEmpty ? [] : [subjectsOf])] {
            for name in list where !issuers.pairs.isEmpty && !names.contains(name) {
                reader.error("`\(name.clipped)` is not the name of one of `issuers`", at: node[key] ?? node)
            }
        }
        for pair in claims.pairs where !pair.text.hasPrefix("/") {
            reader.error("`\(pair.text.clipped)` is not a JSON Pointer", at: node["claims"] ?? node, help: ["such as `/department`"])
        }
    }
}

extension AuthorizationMapping.ActionSource: ConfigurationChoice {}

/// Texts under names that the user chooses, in the order of the file.
public struct NamedTexts: Sendable, Equatable {
    /// A name and its text.
    public struct Pair: Sendable, Equatable {
        /// The name.
        public let name: String
        /// The text.
        public let text: String

        /// A pair.
        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    /// The pairs; names are unique.
    public var pairs: [Pair] = []

    /// Nothing.
    public init() {}

    /// The text under a name.
    public subscript(name: String) -> String? { pairs.first { $0.name == name }?.text }
}

extension NamedTexts: ConfigurationValue {
    /// A mapping.
    public static var form: ValueForm { .map(to: String.form, keys: "names") }

    /// Reads the mapping.
    public static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        guard let entries = node.mapping else {
            reader.mismatch(node, expected: "a mapping from names to texts")
            return nil
        }
        var result = NamedTexts()
        for entry in entries {
            reader.enter(key: entry.key, at: entry) { reader in
                guard let text = String.read(entry.value, over: nil, with: &reader) else { return }
                result.pairs.append(Pair(name: entry.key, text: text))
            }
        }
        return result
    }

    /// One row.
    public func rows(at path: String) -> [ConfigurationRow] {
        [ConfigurationRow(path: path, value: pairs.isEmpty ? "none" : pairs.map { "\($0.name): \($0.text)" }.joined(separator: ", "))]
    }
}
