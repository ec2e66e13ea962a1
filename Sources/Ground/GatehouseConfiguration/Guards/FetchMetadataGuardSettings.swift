public import GatehouseCore

/// Resource isolation by Fetch Metadata: a cross-site request that is not a plain navigation is refused.
public struct FetchMetadataGuardSettings: Sendable, Equatable {
    /// Default `enforce`. Requests without `Sec-Fetch-Site` (no browser) pass; CORS requests are left to `cors`.
    public var mode = GuardMode.enforce
    /// Lets requests from other hosts of the same site pass; default true.
    public var allowsSameSite = true
    /// Lets top-level GET and HEAD navigations from other sites pass (links); default true.
    public var allowsNavigations = true
    /// Path prefixes open to every site, such as images meant to be embedded.
    public var exempt: [PathPrefix] = []

    /// The resource isolation policy of the W3C note.
    public init() {}
}

extension FetchMetadataGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "fetch_metadata guard" }
    /// What it is for.
    public static var about: String {
        "Resource isolation by `Sec-Fetch-*`: refuses a cross-site request that is not a plain navigation. Requests without these fields pass, "
            + "CORS requests are left to `cors`."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<FetchMetadataGuardSettings>] {
        [
            modeKey(\.mode),
            ConfigurationKey("allow_same_site", \.allowsSameSite, "Lets requests from other hosts of the same site pass."),
            ConfigurationKey(
                "allow_navigations", \.allowsNavigations, "Lets top-level GET and HEAD navigations from other sites pass (links)."),
            ConfigurationKey(
                "exempt", \.exempt, "Path prefixes open to every site, such as images meant to be embedded.",
                risk: Risk("`/`", because: "other sites may use every path") { $0.contains { $0.text.isEmpty } }),
        ]
    }
}
