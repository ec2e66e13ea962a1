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
