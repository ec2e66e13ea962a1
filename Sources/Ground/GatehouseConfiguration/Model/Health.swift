/// Active and passive health checks of upstreams.
public struct Health: Sendable, Equatable {
    /// The path that active checks ask with GET; nil: no active checks.
    public var path: String?
    /// Time between two checks; default 10 s.
    public var interval = Duration.seconds(10)
    /// How long one check may take; default 2 s.
    public var timeout = Duration.seconds(2)
    /// Good checks in a row that bring an upstream back; default 2.
    public var healthyAfter = 2
    /// Failed checks in a row that take an upstream out; default 3.
    public var unhealthyAfter = 3
    /// What running requests tell.
    public var passive = PassiveHealth()

    /// Passive checks only.
    public init() {}
}

extension Health: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "health" }
    /// What it is for.
    public static var about: String { "Active checks ask each upstream; passive ones watch running requests." }

    /// Its keys.
    public static var keys: [ConfigurationKey<Health>] {
        [
            ConfigurationKey(
                "path", \.path, "The path that active checks ask with GET; 200 to 399 is good.", defaultText: "none: no active checks"),
            ConfigurationKey("interval", \.interval, in: .milliseconds(100)...(.seconds(3600)), "Time between two checks."),
            ConfigurationKey("timeout", \.timeout, in: .milliseconds(10)...(.seconds(300)), "How long one check may take."),
            ConfigurationKey("healthy_after", \.healthyAfter, in: 1...100, "Good checks in a row that bring an upstream back."),
            ConfigurationKey("unhealthy_after", \.unhealthyAfter, in: 1...100, "Failed checks in a row that take an upstream out."),
            ConfigurationKey("passive", \.passive, "What running requests tell.", defaultText: ""),
        ]
    }

    /// Checks the path.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if let path, !path.hasPrefix("/") || path.utf8.contains(where: { $0 <= 32 || $0 == 127 }) {
            reader.error("`\(path.clipped)` is not a path", at: node["path"] ?? node, help: ["such as `/healthz`"])
        }
    }
}

/// Taking an upstream out because requests fail on it.
public struct PassiveHealth: Sendable, Equatable {
    /// Failures (no connection, reset, timeout, 502 to 504) within the window that eject; 0 switches it off. Default 5.
    public var failures = 5
    /// The window; default 10 s.
    public var window = Duration.seconds(10)
    /// How long it stays out the first time, doubled up to ten times that; default 10 s. The last one left is never ejected.
    public var ejection = Duration.seconds(10)

    /// Five failures in ten seconds eject for ten.
    public init() {}
}

extension PassiveHealth: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "passive health" }
    /// What it is for.
    public static var about: String { "Takes an upstream out because requests fail on it; the last one left is never taken out." }

    /// Its keys.
    public static var keys: [ConfigurationKey<PassiveHealth>] {
        [
            ConfigurationKey(
                "failures", \.failures, in: 0...10_000,
                "Failures within the window (no connection, reset, timeout, 502 to 504) that take it out; 0 switches it off."),
            ConfigurationKey("window", \.window, in: .milliseconds(100)...(.seconds(3600)), "The window."),
            ConfigurationKey(
                "ejection", \.ejection, in: .milliseconds(100)...(.seconds(3600)),
                "How long it stays out the first time; doubled each time, up to ten times as long."),
        ]
    }
}
