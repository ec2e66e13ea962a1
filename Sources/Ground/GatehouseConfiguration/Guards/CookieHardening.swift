/// What is put on the service's `Set-Cookie` lines.
public struct CookieHardening: Sendable, Equatable {
    /// The `SameSite` put where the service sets none.
    public enum SameSite: String, Sendable, CaseIterable {
        /// Sent along links from other sites.
        case lax
        /// Never sent from other sites.
        case strict
        /// Left as the service sends it.
        case keep
    }

    /// Hardens cookies at all; default true.
    public var isOn = true
    /// Adds `Secure` on TLS; default true.
    public var secure = true
    /// Adds `HttpOnly`, but for the names in `readable`; default true.
    public var httpOnly = true
    /// The `SameSite` put where the service sets none; default `lax`.
    public var sameSite = SameSite.lax
    /// Renames to `__Host-` where Secure, `Path=/` and no Domain hold, and back on the way in; default false.
    public var hostPrefix = false
    /// Cookies that scripts must read, such as a CSRF token: no `HttpOnly`.
    public var readable: [String] = []
    /// Cookies left as they are.
    public var except: [String] = []

    /// The defaults.
    public init() {}
}

extension CookieHardening: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "cookies" }
    /// What it is for.
    public static var about: String { "What is put on the service's `Set-Cookie` lines." }
    /// `off`.
    public static var shortForm: ValueForm? { .choice(["off"]) }

    /// Its keys.
    public static var keys: [ConfigurationKey<CookieHardening>] {
        [
            ConfigurationKey("enabled", \.isOn, "Hardens cookies at all.", risk: .ifFalse(whyOn)),
            ConfigurationKey("secure", \.secure, "Adds `Secure` on TLS.", risk: .ifFalse("cookies travel in clear text too")),
            ConfigurationKey(
                "http_only", \.httpOnly, "Adds `HttpOnly`, but for the names in `readable`.",
                risk: .ifFalse("injected scripts may read cookies")),
            ConfigurationKey("same_site", \.sameSite, "The `SameSite` put where the service sets none."),
            ConfigurationKey(
                "host_prefix", \.hostPrefix, "Renames to `__Host-` where Secure, `Path=/` and no Domain hold, and back on the way in."),
            ConfigurationKey("readable", \.readable, "Cookies that scripts must read, such as a CSRF token."),
            ConfigurationKey("except", \.except, "Cookies left as they are."),
        ]
    }

    /// Takes `off`.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard node.plainWord == "off" else { return false }
        isOn = false
        reader.unsafe("off", because: Self.whyOn, at: node)
        return true
    }

    private static let whyOn = "cookies keep what protection the service gives them"
}

extension CookieHardening.SameSite: ConfigurationChoice {}
