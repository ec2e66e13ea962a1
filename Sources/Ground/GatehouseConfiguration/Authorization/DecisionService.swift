internal import GatehouseCore

/// What a service with `builtin: decisions` answers by, and to whom.
public struct DecisionService: Sendable, Equatable {
    /// The name of the service whose `authorization` decides; empty: its own.
    public var service = ""
    /// Cedar types by AuthZEN type; a type that is not listed stands for itself.
    public var types = NamedTexts()
    /// The public address, for the metadata; empty: there are none. Never taken from a request.
    public var url = ""
    /// Bearer tokens that let callers ask; callers that the authentication guard knows may ask as well.
    public var tokens: [Secret] = []

    /// Its own policies, for callers that the authentication guard knows.
    public init() {}
}

extension DecisionService: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "decisions" }
    /// What it is for.
    public static var about: String {
        "What `builtin: decisions` answers by and to whom: the AuthZEN Authorization API 1.0 over the policies of a service."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<DecisionService>] {
        [
            ConfigurationKey(
                "service", \.service, "The service whose `authorization` decides.",
                defaultText: "this one, by an `authorization` of its own"),
            ConfigurationKey(
                "types", \.types, "Cedar types by AuthZEN type, such as `user: User`.", defaultText: "a type stands for itself"),
            ConfigurationKey("url", \.url, "The public address, for the metadata.", defaultText: "none: there are no metadata"),
            ConfigurationKey(
                "tokens", \.tokens, "Bearer tokens that let callers ask.", defaultText: "none: those whom `authentication` knows may ask"),
        ]
    }

    /// Checks the address.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if url.hasSuffix("/") { url.removeLast() }
        if !url.isEmpty, HTTPAddress(url) == nil {
            reader.error("`\(url.clipped)` is not an address", at: node["url"] ?? node, help: ["such as `https://pdp.example.com`"])
        }
    }
}
