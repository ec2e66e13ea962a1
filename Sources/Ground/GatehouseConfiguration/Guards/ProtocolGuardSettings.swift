public import GatehouseCore

/// Refuses request targets and fields that two parsers could read differently, beyond what framing demands.
public struct ProtocolGuardSettings: Sendable, Equatable {
    /// Default `enforce`.
    public var mode = GuardMode.enforce
    /// Methods let through at all; default the eight of RFC 9110 and PATCH, without CONNECT and TRACE.
    public var methods: [MethodName] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].compactMap(MethodName.init)
    /// Lets `%2F` and `%5C` stand in a path. False refuses them. True is an unsafe choice.
    public var allowsEncodedSlashes = false
    /// Lets empty segments (`//`) stand in a path; false merges them.
    public var allowsEmptySegments = false
    /// Lets field names with an underscore through, which some backends read as a dash; false refuses them.
    public var allowsUnderscores = false

    /// The defaults.
    public init() {}
}

extension ProtocolGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "protocol guard" }
    /// What it is for.
    public static var about: String {
        "Refuses request targets and fields that two parsers could read differently, beyond what framing demands."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<ProtocolGuardSettings>] {
        [
            modeKey(\.mode),
            ConfigurationKey(
                "methods", \.methods, "Methods let through at all.",
                risk: Risk("`TRACE` or `CONNECT`", because: "TRACE sends back the fields of a request, CONNECT opens a tunnel") {
                    $0.contains { ["TRACE", "CONNECT"].contains($0.name) }
                }),
            ConfigurationKey(
                "allow_encoded_slashes", \.allowsEncodedSlashes, "Lets `%2F` and `%5C` stand in a path.",
                risk: .ifTrue("a backend that decodes them sees another path than the rules did")),
            ConfigurationKey(
                "allow_empty_segments", \.allowsEmptySegments, "Lets empty segments (`//`) stand in a path; otherwise they are merged.",
                risk: .ifTrue("a backend that merges them sees another path than the rules did")),
            ConfigurationKey(
                "allow_underscores", \.allowsUnderscores, "Lets field names with an underscore through.",
                risk: .ifTrue("some backends read `x_user` as `x-user`, past every rule about that name")),
        ]
    }
}
