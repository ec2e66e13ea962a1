public import GatehouseCore

/// Security headers of responses: one line each, set or merged to the stricter, on every answer.
public struct HeadersGuardSettings: Sendable, Equatable {
    /// Which set of defaults an answer gets.
    public enum Preset: String, Sendable, CaseIterable {
        /// By the answer's media type: HTML gets `html`, everything else `api`.
        case auto
        /// For answers that no browser shows: nothing may load or frame them.
        case api
        /// For pages: as `api` less what breaks pages.
        case html
    }

    /// Default `enforce`.
    public var mode = GuardMode.enforce
    /// Which set of defaults; default `auto`.
    public var preset = Preset.auto
    /// `Content-Security-Policy`; by preset: pages keep the service's own or get the default as report-only, all else `default-src 'none'`.
    public var csp = HeaderPolicy.preset
    /// `Content-Security-Policy-Report-Only` of pages, beside `csp`.
    public var cspReportOnly = HeaderPolicy.preset
    /// `Strict-Transport-Security`, on TLS only.
    public var hsts = HSTS()
    /// `Cross-Origin-Opener-Policy`; by preset (`same-origin`).
    public var coop = HeaderPolicy.preset
    /// `Cross-Origin-Embedder-Policy`; by preset (`require-corp` for `api`, none for `html`).
    public var coep = HeaderPolicy.preset
    /// `Cross-Origin-Resource-Policy`; by preset (`same-origin`).
    public var corp = HeaderPolicy.preset
    /// `Referrer-Policy`; by preset (`no-referrer` for `api`, `strict-origin-when-cross-origin` for `html`).
    public var referrerPolicy = HeaderPolicy.preset
    /// `Permissions-Policy`; by preset (powerful features off).
    public var permissionsPolicy = HeaderPolicy.preset
    /// `X-Frame-Options`; by preset (`DENY`).
    public var frameOptions = HeaderPolicy.preset
    /// `Cache-Control` where the service sends none; by preset (`no-store` for `api`, nothing for `html`).
    public var cache = HeaderPolicy.preset
    /// Takes the 68 names that tell what runs behind (Server, X-Powered-By …) off answers; default true.
    public var removesFingerprints = true
    /// Further fields to take off answers.
    public var remove: [FieldName] = []
    /// Further fields to put on answers, replacing the service's.
    public var set: [HeaderLine] = []
    /// Attributes of the service's cookies.
    public var cookies = CookieHardening()

    /// The defaults by media type.
    public init() {}
}

extension HeadersGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "headers guard" }
    /// What it is for.
    public static var about: String { "Security headers of responses: one line each, set or merged to the stricter, on every answer." }

    /// Its keys.
    public static var keys: [ConfigurationKey<HeadersGuardSettings>] {
        [
            modeKey(\.mode),
            ConfigurationKey("preset", \.preset, "Which defaults an answer gets: those of `html` or `api`, or by its media type."),
            ConfigurationKey(
                "csp", \.csp,
                "`Content-Security-Policy`. By preset pages keep the service's own or get a default as report-only; all else gets `default-src 'none'; frame-ancestors 'none'`.",
                risk: HeaderPolicy.scriptRisk),
            ConfigurationKey("csp_report_only", \.cspReportOnly, "`Content-Security-Policy-Report-Only`."),
            ConfigurationKey("hsts", \.hsts, "`Strict-Transport-Security`, on TLS only.", defaultText: "one year"),
            ConfigurationKey("coop", \.coop, "`Cross-Origin-Opener-Policy`; by preset `same-origin`."),
            ConfigurationKey("coep", \.coep, "`Cross-Origin-Embedder-Policy`; by preset `require-corp` for `api`, nothing for `html`."),
            ConfigurationKey("corp", \.corp, "`Cross-Origin-Resource-Policy`; by preset `same-origin`."),
            ConfigurationKey(
                "referrer_policy", \.referrerPolicy,
                "`Referrer-Policy`; by preset `no-referrer` for `api`, `strict-origin-when-cross-origin` for `html`."),
            ConfigurationKey("permissions_policy", \.permissionsPolicy, "`Permissions-Policy`; by preset powerful features are off."),
            ConfigurationKey(
                "frame_options", \.frameOptions, "`X-Frame-Options`; by preset `DENY`.",
                risk: HeaderPolicy.offRisk("any site may frame the pages")),
            ConfigurationKey(
                "cache", \.cache, "`Cache-Control` where the service sends none; by preset `no-store` for `api`, nothing for `html`."),
            ConfigurationKey(
                "remove_fingerprints", \.removesFingerprints,
                "Takes off the fields that tell what runs behind, such as `Server` and `X-Powered-By`.",
                risk: .ifFalse("answers tell attackers what runs behind and in which version")),
            ConfigurationKey("remove", \.remove, "Further fields to take off answers."),
            ConfigurationKey(
                "set", "Further fields to put on answers, replacing the service's.", form: .map(to: String.form, keys: "header names"),
                defaultText: "none",
                rows: {
                    [
                        ConfigurationRow(
                            path: $1, value: $0.set.isEmpty ? "none" : $0.set.map { "\($0.name): \($0.value)" }.joined(separator: ", "))
                    ]
                }
            ) { node, settings, reader in settings.readLines(node, with: &reader) },
            ConfigurationKey("cookies", \.cookies, "What is put on the service's cookies.", defaultText: ""),
        ]
    }

    private mutating func readLines(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard let entries = node.mapping else { return reader.mismatch(node, expected: "a mapping from header names to texts") }
        set = []
        for entry in entries {
            reader.enter(key: entry.key, at: entry) { reader in
                guard let name = FieldName(entry.key) else {
                    return reader.error("`\(entry.key.clipped)` is not a header name", at: entry.value)
                }
                guard let value = String.read(entry.value, over: nil, with: &reader) else { return }
                guard !Self.framing.contains(name.name) else {
                    return reader.error("`\(name)` is not for a policy to set", at: entry.value)
                }
                set.append(HeaderLine(name: name, value: value))
            }
        }
    }

    private static let framing: Set<String> = [
        "connection", "content-length", "content-encoding", "date", "keep-alive", "set-cookie", "te", "trailer", "transfer-encoding",
        "upgrade",
    ]
}

extension HeadersGuardSettings.Preset: ConfigurationChoice {}
