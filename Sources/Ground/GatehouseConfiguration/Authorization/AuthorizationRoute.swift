public import GatehouseCore

/// What a route template means to the policies.
public struct AuthorizationRoute: Sendable, Equatable {
    /// The template, such as `/orders/{id}`.
    public var path = ""
    /// Its methods; empty: all.
    public var methods: [MethodName] = []
    /// The action's id; empty: as the mapping says.
    public var action = ""
    /// The resource as Cedar text with parameters in braces, such as `Order::"{id}"`; empty: the route itself.
    public var resource = ""
    /// Answers 404 in place of 403, for resources whose existence is secret.
    public var isHidden = false
    /// What the backend's own answer decides.
    public var response: ResponseRules?

    /// A route of nothing.
    public init() {}

    func sharesMethod(with other: AuthorizationRoute) -> Bool {
        methods.isEmpty && other.methods.isEmpty || methods.contains(where: other.methods.contains)
    }
}

extension AuthorizationRoute: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "authorization route" }
    /// What it is for.
    public static var about: String { "A route template and what it means to the policies. A request that no template takes is denied." }

    /// Its keys.
    public static var keys: [ConfigurationKey<AuthorizationRoute>] {
        [
            ConfigurationKey(
                "path", \.path, "The template of the path as the backend sees it, such as `/orders/{id}`.", isRequired: true),
            ConfigurationKey("methods", \.methods, "Its methods.", defaultText: "all, or those of the OpenAPI document"),
            ConfigurationKey("action", \.action, "The action's id.", defaultText: "as `mapping.action` says"),
            ConfigurationKey(
                "resource", \.resource, "The resource, with the path's parameters in braces, such as `Order::\"{id}\"`.",
                defaultText: "the route itself"),
            ConfigurationKey("hidden", \.isHidden, "Answers 404 in place of 403, for resources whose existence is secret."),
            ConfigurationKey(
                "response", \.response, "Facts and fields of the backend's JSON answer that are examined before it is released.",
                defaultText: "none"),
        ]
    }

    /// Checks that the answer of a method that changes something is not asked too late.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if !path.hasPrefix("/") { reader.error("`\(path.clipped)` is not a path template", at: node["path"] ?? node) }
        guard let response, !response.attributes.pairs.isEmpty else { return }
        let late = methods.map(\.name).filter { $0 != "GET" && $0 != "HEAD" && $0 != "OPTIONS" }
        if methods.isEmpty || !late.isEmpty {
            reader.error(
                "attributes from the answer come too late for \(late.first.map { "`\($0)`" } ?? "methods that change something")",
                at: node["response"] ?? node, help: ["set `methods: [GET]`, and give other methods an entity source"])
        }
    }
}

/// What is read from and taken off the backend's JSON answer.
public struct ResponseRules: Sendable, Equatable {
    /// Attributes of the resource by name, each with the JSON Pointer of its value.
    public var attributes = NamedTexts()
    /// Members that are removed unless an action on the resource is permitted.
    public var fields: [ResponseField] = []
    /// Elements of lists that are resources of their own; those that may not be seen are removed.
    public var items: [ResponseItems] = []
    /// Longest answer that is examined; a longer one is refused. Default 1 MiB.
    public var limit = ByteCount.mebibytes(1)

    /// Nothing is examined.
    public init() {}
}

extension ResponseRules: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "response rules" }
    /// What it is for.
    public static var about: String {
        "What is examined in the backend's JSON answer before it is released. An answer that cannot be examined is refused."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<ResponseRules>] {
        [
            ConfigurationKey(
                "attributes", \.attributes, "Attributes of the resource by name, each with the JSON Pointer of its value.",
                defaultText: "none"),
            ConfigurationKey(
                "fields", \.fields, "Members that are removed unless an action on the resource is permitted.", defaultText: "none"),
            ConfigurationKey(
                "items", \.items, "Elements of lists that are resources of their own; those not permitted are removed.", defaultText: "none"
            ),
            ConfigurationKey("limit", \.limit, in: 1024...(.mebibytes(64)), "Longest answer that is examined; a longer one is refused."),
        ]
    }
}

/// A member of a JSON answer that not everyone may see.
public struct ResponseField: Sendable, Equatable {
    /// JSON Pointer of the member; `*` stands for every element or member.
    public var at = ""
    /// The action's id that must be permitted on the resource.
    public var action = ""

    /// A field of nothing.
    public init() {}
}

extension ResponseField: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "response field" }
    /// What it is for.
    public static var about: String { "A member of a JSON answer that is removed unless an action is permitted." }

    /// Its keys.
    public static var keys: [ConfigurationKey<ResponseField>] {
        [
            ConfigurationKey("at", \.at, "JSON Pointer of the member; `*` stands for every element or member.", isRequired: true),
            ConfigurationKey("action", \.action, "The action that must be permitted on the resource.", isRequired: true),
        ]
    }

    /// Checks the pointer.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if !at.hasPrefix("/") { reader.error("`\(at.clipped)` is not a JSON Pointer", at: node["at"] ?? node) }
    }
}

/// Elements of an answer that are resources of their own.
public struct ResponseItems: Sendable, Equatable {
    /// JSON Pointer of the elements, with `*`, such as `/orders/*`.
    public var at = ""
    /// The resource with JSON Pointers into the element in braces, such as `Order::"{/id}"`.
    public var resource = ""
    /// The action's id; empty: the route's.
    public var action = ""
    /// Attributes of the resource by name, each with the JSON Pointer of its value in the element.
    public var attributes = NamedTexts()
    /// Members of an element that are removed unless an action on it is permitted.
    public var fields: [ResponseField] = []

    /// Items of nothing.
    public init() {}
}

extension ResponseItems: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "response items" }
    /// What it is for.
    public static var about: String { "Elements of an answer that are resources of their own, such as the orders of a list." }

    /// Its keys.
    public static var keys: [ConfigurationKey<ResponseItems>] {
        [
            ConfigurationKey(
                "at", \.at, "JSON Pointer of the elements; `*` stands for every element, such as `/orders/*`.", isRequired: true),
            ConfigurationKey(
                "resource", \.resource, "The resource, with JSON Pointers into the element in braces, such as `Order::\"{/id}\"`.",
                isRequired: true),
            ConfigurationKey("action", \.action, "The action that must be permitted.", defaultText: "the route's"),
            ConfigurationKey(
                "attributes", \.attributes, "Attributes of the resource by name, each with the JSON Pointer of its value in the element.",
                defaultText: "none"),
            ConfigurationKey(
                "fields", \.fields, "Members of an element that are removed unless an action on it is permitted.", defaultText: "none"),
        ]
    }

    /// Checks the pointer.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if !at.hasPrefix("/") { reader.error("`\(at.clipped)` is not a JSON Pointer", at: node["at"] ?? node) }
    }
}
