public import GatehouseCore

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
            "`credentials` cannot go with the origin `*`", at: node["credentials"] ?? node,
            help: ["name the origins, or leave out `credentials`"])
    }
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
        guard !host.isEmpty, scheme.dropLast(3).allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+.-".contains($0)) }) else {
            return nil
        }
        let defaultPort = scheme == "https://" ? ":443" : scheme == "http://" ? ":80" : nil
        if let defaultPort, host.hasSuffix(defaultPort) { host.removeLast(defaultPort.count) }
        guard Endpoint(text: host.contains(":") && !host.hasSuffix("]") ? host : host + ":1") != nil else { return nil }
        return isWildcard ? .subdomains(scheme: scheme, suffix: "." + host) : .exact(scheme + host)
    }
}
