public import GatehouseCore

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
    public var ignore: [LeakKind] = []
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

extension ErrorsGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "errors guard" }
    /// What it is for.
    public static var about: String { "Error bodies: what a service says about its insides stays inside, in the log under an incident id." }

    /// Its keys.
    public static var keys: [ConfigurationKey<ErrorsGuardSettings>] {
        [
            modeKey(\.mode),
            ConfigurationKey(
                "mask_5xx", \.masks5xx, "Replaces the body of every 5xx.",
                risk: .ifFalse("error bodies reach the client as the service wrote them")),
            ConfigurationKey(
                "mask_4xx", \.masks4xx, "What happens to the bodies of 4xx answers.",
                risk: Risk("`never`", because: "error bodies reach the client as the service wrote them") { $0 == .never }),
            ConfigurationKey(
                "scan_success", \.scansSuccess,
                "Also looks for leak signatures in text bodies of 2xx and 3xx; costs a scan of every answer."),
            ConfigurationKey("ignore", \.ignore, "Leak signatures not looked for, by name."),
            ConfigurationKey("signatures", \.signatures, "Further signatures: texts that never occur in a good answer."),
            ConfigurationKey("html", \.html, "Answers with a page where `Accept` prefers HTML."),
            ConfigurationKey(
                "body_limit", \.bodyLimit, in: 1024...(.mebibytes(16)),
                "How much of an error body is held, scanned and logged; what is over is cut."),
            ConfigurationKey("type_base", \.typeBase, "The base of `type` in problem documents.", defaultText: "none: `about:blank`"),
        ]
    }
}

extension ErrorsGuardSettings.ClientErrors: ConfigurationChoice {}
