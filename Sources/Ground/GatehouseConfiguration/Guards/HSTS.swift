/// HTTP Strict Transport Security (RFC 6797).
public struct HSTS: Sendable, Equatable {
    /// Sends it at all on TLS; default true.
    public var isOn = true
    /// How long browsers remember; default one year.
    public var maxAge = Duration.seconds(365 * 86_400)
    /// Covers every name below; default false, since a name below may not speak TLS yet.
    public var includesSubdomains = false
    /// Agrees to the browsers' preload list; default false. Hard to take back.
    public var preload = false

    /// One year for the host alone.
    public init() {}
}

extension HSTS: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "hsts" }
    /// What it is for.
    public static var about: String { "HTTP Strict Transport Security (RFC 6797)." }
    /// `off`.
    public static var shortForm: ValueForm? { .choice(["off"]) }

    /// Its keys.
    public static var keys: [ConfigurationKey<HSTS>] {
        [
            ConfigurationKey("enabled", \.isOn, "Sends it on TLS.", risk: .ifFalse(whyOn)),
            ConfigurationKey("max_age", \.maxAge, in: .zero...(.seconds(10 * 366 * 86_400)), "How long browsers remember."),
            ConfigurationKey("include_subdomains", \.includesSubdomains, "Covers every name below, which then must speak TLS too."),
            ConfigurationKey("preload", \.preload, "Agrees to the browsers' preload list. Hard to take back."),
        ]
    }

    /// Takes `off`.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard node.plainWord == "off" else { return false }
        isOn = false
        reader.unsafe("off", because: Self.whyOn, at: node)
        return true
    }

    /// Checks what the preload list demands.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard preload, !includesSubdomains || maxAge < .seconds(365 * 86_400) else { return }
        reader.error("`preload` needs `include_subdomains: true` and a `max_age` of 365d or more", at: node["preload"] ?? node)
    }

    private static let whyOn = "a first request in clear text can be turned aside"
}
