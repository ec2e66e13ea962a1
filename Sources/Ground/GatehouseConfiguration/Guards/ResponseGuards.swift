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

/// What one header says.
public enum HeaderPolicy: Sendable, Equatable {
    /// The preset's value, merged to the stricter with the service's own.
    case preset
    /// Nothing is set or taken away.
    case off
    /// This value in place of all others.
    case text(String)
}

/// A header field and its value.
public struct HeaderLine: Sendable, Equatable {
    /// The name.
    public var name: FieldName
    /// The value.
    public var value: String

    /// A line.
    public init(name: FieldName, value: String) {
        self.name = name
        self.value = value
    }
}

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

/// Cross-origin resource sharing (Fetch standard). With no origin named, the service's own answers pass, but never one that allows
/// any origin together with credentials.
public struct CORSGuardSettings: Sendable, Equatable {
    /// Default `enforce`.
    public var mode = GuardMode.enforce
    /// Origins that may read answers: exact, `https://*.example.com`, or `*` (an unsafe choice with credentials: refused).
    public var origins: [OriginPattern] = []
    /// Methods that may be used; default GET, HEAD, POST.
    public var methods: [MethodName] = ["GET", "HEAD", "POST"].compactMap(MethodName.init)
    /// Request fields that may be sent.
    public var headers: [FieldName] = []
    /// Lets cookies and authorization be sent; default false.
    public var credentials = false
    /// How long a preflight's answer holds; default 10 min.
    public var maxAge = Duration.seconds(600)
    /// Response fields that scripts may read.
    public var expose: [FieldName] = []

    /// No origin.
    public init() {}
}

/// An origin in a CORS policy.
public enum OriginPattern: Sendable, Hashable, CustomStringConvertible {
    /// `*`: every origin.
    case any
    /// `scheme://host[:port]`, in lower case, the default port left out.
    case exact(String)
    /// `scheme://*.host[:port]`: the scheme with `://`, and the rest with its leading dot.
    case subdomains(scheme: String, suffix: String)

    /// As written.
    public var description: String {
        switch self {
        case .any: "*"
        case .exact(let origin): origin
        case .subdomains(let scheme, let suffix): scheme + "*" + suffix
        }
    }

    /// True where an `Origin` field's value is meant.
    public func matches(_ origin: String) -> Bool {
        switch self {
        case .any: return origin != "null"
        case .exact(let own): return origin == own
        case .subdomains(let scheme, let suffix):
            return origin.hasPrefix(scheme) && origin.hasSuffix(suffix) && origin.utf8.count > scheme.utf8.count + suffix.utf8.count
        }
    }
}

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

/// Error bodies: what the service says about its insides stays inside.
public struct ErrorsGuardSettings: Sendable, Equatable {
    /// What happens to the bodies of 4xx answers.
    public enum ClientErrors: String, Sendable, CaseIterable {
        /// Replaced where a leak signature is found.
        case onLeak = "on_leak"
        /// Always replaced.
        case always
        /// Never touched.
        case never
    }

    /// Default `enforce`.
    public var mode = GuardMode.enforce
    /// Replaces the body of every 5xx; default true.
    public var masks5xx = true
    /// What happens to the bodies of 4xx answers; default `on_leak`.
    public var masks4xx = ClientErrors.onLeak
    /// Also looks for leak signatures in 2xx and 3xx bodies of text; default false (costs a scan of every answer).
    public var scansSuccess = false
    /// Leak signatures not looked for, by name.
    public var ignore: [String] = []
    /// Further signatures: texts that never occur in a good answer.
    public var signatures: [String] = []
    /// Answers browsers with a page where `Accept` prefers HTML; default true.
    public var html = true
    /// How much of an error body is held, scanned and logged; what is over is cut. Default 256 KiB.
    public var bodyLimit = ByteCount.kibibytes(256)
    /// The base of `type` in problem documents; nil: `about:blank`.
    public var typeBase: String?

    /// The defaults.
    public init() {}
}

extension HeadersGuardSettings.Preset: ConfigurationChoice {}

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
                "csp", \.csp, "`Content-Security-Policy`. By preset pages keep the service's own or get a default as report-only; all else gets `default-src 'none'; frame-ancestors 'none'`.",
                risk: HeaderPolicy.scriptRisk),
            ConfigurationKey("csp_report_only", \.cspReportOnly, "`Content-Security-Policy-Report-Only`."),
            ConfigurationKey("hsts", \.hsts, "`Strict-Transport-Security`, on TLS only.", defaultText: "one year"),
            ConfigurationKey("coop", \.coop, "`Cross-Origin-Opener-Policy`; by preset `same-origin`."),
            ConfigurationKey("coep", \.coep, "`Cross-Origin-Embedder-Policy`; by preset `require-corp` for `api`, nothing for `html`."),
            ConfigurationKey("corp", \.corp, "`Cross-Origin-Resource-Policy`; by preset `same-origin`."),
            ConfigurationKey("referrer_policy", \.referrerPolicy, "`Referrer-Policy`; by preset `no-referrer` for `api`, `strict-origin-when-cross-origin` for `html`."),
            ConfigurationKey("permissions_policy", \.permissionsPolicy, "`Permissions-Policy`; by preset powerful features are off."),
            ConfigurationKey("frame_options", \.frameOptions, "`X-Frame-Options`; by preset `DENY`.", risk: HeaderPolicy.offRisk("any site may frame the pages")),
            ConfigurationKey("cache", \.cache, "`Cache-Control` where the service sends none; by preset `no-store` for `api`, nothing for `html`."),
            ConfigurationKey(
                "remove_fingerprints", \.removesFingerprints, "Takes off the fields that tell what runs behind, such as `Server` and `X-Powered-By`.",
                risk: .ifFalse("answers tell attackers what runs behind and in which version")),
            ConfigurationKey("remove", \.remove, "Further fields to take off answers."),
            ConfigurationKey(
                "set", "Further fields to put on answers, replacing the service's.", form: .map(to: String.form, keys: "header names"),
                defaultText: "none", rows: { [ConfigurationRow(path: $1, value: $0.set.isEmpty ? "none" : $0.set.map { "\($0.name): \($0.value)" }.joined(separator: ", "))] }
            ) { node, settings, reader in settings.readLines(node, with: &reader) },
            ConfigurationKey("cookies", \.cookies, "What is put on the service's cookies.", defaultText: ""),
        ]
    }

    private mutating func readLines(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard let entries = node.mapping else { return reader.mismatch(node, expected: "a mapping from header names to texts") }
        set = []
        for entry in entries {
            reader.enter(key: entry.key, at: entry) { reader in
                guard let name = FieldName(entry.key) else { return reader.error("`\(entry.key.clipped)` is not a header name", at: entry.value) }
                guard let value = String.read(entry.value, over: nil, with: &reader) else { return }
                guard !Self.framing.contains(name.name) else { return reader.error("`\(name)` is not for a policy to set", at: entry.value) }
                set.append(HeaderLine(name: name, value: value))
            }
        }
    }

    private static let framing: Set<String> = [
        "connection", "content-length", "content-encoding", "date", "keep-alive", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade",
    ]
}

extension HeaderPolicy: ConfigurationScalar {
    /// `preset`, `off` or a value.
    public static var scalarForm: ScalarForm { ScalarForm("header value, `preset` or `off`", plural: "header values", example: "same-origin") }

    /// Reads a policy; any visible text is a value.
    public static func configured(_ text: String) -> HeaderPolicy? {
        switch text {
        case "preset": .preset
        case "off": .off
        default: text.isEmpty || text.utf8.contains { $0 < 32 || $0 >= 127 } ? nil : .text(text)
        }
    }

    /// The policy as it is written.
    public var configuredText: String {
        switch self {
        case .preset: "preset"
        case .off: "off"
        case .text(let text): text
        }
    }

    static let scriptRisk = Risk<HeaderPolicy>(
        "`off`, or a policy with `'unsafe-inline'` or `'unsafe-eval'`", because: "injected scripts may run in the pages"
    ) { policy in
        guard case .text(let text) = policy else { return policy == .off }
        return text.contains("'unsafe-inline'") || text.contains("'unsafe-eval'")
    }

    static func offRisk(_ why: String) -> Risk<HeaderPolicy> { Risk("`off`", because: why) { $0 == .off } }
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

extension CookieHardening.SameSite: ConfigurationChoice {}

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
            ConfigurationKey("http_only", \.httpOnly, "Adds `HttpOnly`, but for the names in `readable`.", risk: .ifFalse("injected scripts may read cookies")),
            ConfigurationKey("same_site", \.sameSite, "The `SameSite` put where the service sets none."),
            ConfigurationKey("host_prefix", \.hostPrefix, "Renames to `__Host-` where Secure, `Path=/` and no Domain hold, and back on the way in."),
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

extension CORSGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "cors guard" }
    /// What it is for.
    public static var about: String {
        "Cross-origin resource sharing. With no origin named the service's own answers pass, but never one that allows any origin together with credentials."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<CORSGuardSettings>] {
        [
            modeKey(\.mode),
            ConfigurationKey(
                "origins", \.origins, "Origins that may read answers: exact, `https://*.example.com`, or `*`.",
                risk: Risk("`*`", because: "every site may read the answers") { $0.contains(.any) }),
            ConfigurationKey("methods", \.methods, "Methods that may be used."),
            ConfigurationKey("headers", \.headers, "Request fields that may be sent."),
            ConfigurationKey("credentials", \.credentials, "Lets cookies and authorization be sent."),
            ConfigurationKey("max_age", \.maxAge, in: .zero...(.seconds(86_400)), "How long a preflight's answer holds."),
            ConfigurationKey("expose", \.expose, "Response fields that scripts may read."),
        ]
    }

    /// Refuses credentials for every origin.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard credentials, origins.contains(.any) else { return }
        reader.error(
            "`credentials` cannot go with the origin `*`", at: node["credentials"] ?? node, help: ["name the origins, or leave out `credentials`"])
    }
}

extension OriginPattern: ConfigurationScalar {
    /// `*`, an origin, or one with `*.` in front of its host.
    public static var scalarForm: ScalarForm {
        ScalarForm("origin", example: "https://app.example.com", pattern: "^(\\*|[a-z][a-z0-9+.-]*://(\\*\\.)?[^/?#*]+)$")
    }

    /// Reads an origin.
    ///
    /// Refuses: paths, user names, and a `*` elsewhere than in front of the host's first dot.
    public static func configured(_ text: String) -> OriginPattern? {
        if text == "*" { return .any }
        let text = text.lowercased()
        guard let mark = text.firstRange(of: "://"), mark.lowerBound > text.startIndex else { return nil }
        let scheme = String(text[..<mark.upperBound])
        var host = String(text[mark.upperBound...])
        let isWildcard = host.hasPrefix("*.")
        if isWildcard { host.removeFirst(2) }
        guard !host.isEmpty, scheme.dropLast(3).allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+.-".contains($0)) }) else { return nil }
        let defaultPort = scheme == "https://" ? ":443" : scheme == "http://" ? ":80" : nil
        if let defaultPort, host.hasSuffix(defaultPort) { host.removeLast(defaultPort.count) }
        guard Endpoint(text: host.contains(":") && !host.hasSuffix("]") ? host : host + ":1") != nil else { return nil }
        return isWildcard ? .subdomains(scheme: scheme, suffix: "." + host) : .exact(scheme + host)
    }
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
            ConfigurationKey("allow_navigations", \.allowsNavigations, "Lets top-level GET and HEAD navigations from other sites pass (links)."),
            ConfigurationKey(
                "exempt", \.exempt, "Path prefixes open to every site, such as images meant to be embedded.",
                risk: Risk("`/`", because: "other sites may use every path") { $0.contains { $0.text.isEmpty } }),
        ]
    }
}

extension ErrorsGuardSettings.ClientErrors: ConfigurationChoice {}

extension ErrorsGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "errors guard" }
    /// What it is for.
    public static var about: String { "Error bodies: what a service says about its insides stays inside, in the log under an incident id." }

    /// Its keys.
    public static var keys: [ConfigurationKey<ErrorsGuardSettings>] {
        [
            modeKey(\.mode),
            ConfigurationKey("mask_5xx", \.masks5xx, "Replaces the body of every 5xx.", risk: .ifFalse("error bodies reach the client as the service wrote them")),
            ConfigurationKey(
                "mask_4xx", \.masks4xx, "What happens to the bodies of 4xx answers.",
                risk: Risk("`never`", because: "error bodies reach the client as the service wrote them") { $0 == .never }),
            ConfigurationKey("scan_success", \.scansSuccess, "Also looks for leak signatures in text bodies of 2xx and 3xx; costs a scan of every answer."),
            ConfigurationKey("ignore", \.ignore, "Leak signatures not looked for, by name."),
            ConfigurationKey("signatures", \.signatures, "Further signatures: texts that never occur in a good answer."),
            ConfigurationKey("html", \.html, "Answers with a page where `Accept` prefers HTML."),
            ConfigurationKey("body_limit", \.bodyLimit, in: 1024...(.mebibytes(16)), "How much of an error body is held, scanned and logged; what is over is cut."),
            ConfigurationKey("type_base", \.typeBase, "The base of `type` in problem documents.", defaultText: "none: `about:blank`"),
        ]
    }
}
