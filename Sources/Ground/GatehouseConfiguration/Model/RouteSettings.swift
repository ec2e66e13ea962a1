internal import GatehouseCore

/// A part of a service with settings of its own.
public struct RouteSettings: Sendable, Equatable {
    /// Its name in events; by default the path as written.
    public var name = ""
    /// Which paths it takes.
    public var path = PathPattern("/")
    /// Which methods it takes; empty: all.
    public var methods: [MethodName] = []
    /// Its guards: the service's, overridden by its own.
    public var guards = Guards()
    /// Limits of requests, merged likewise.
    public var limits = RouteLimits()
    /// Time limits, merged likewise.
    public var timeouts = RouteTimeouts()

    /// A route of every path.
    public init() {}
}

extension RouteSettings: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "route" }
    /// What it is for.
    public static var about: String {
        "A part of a service with settings of its own. `/admin` takes that path and all below it, `/users/{id}` and `/files/{rest*}` take whole paths, "
            + "`=/health` takes one path. One closing slash of the request's path does not count."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<RouteSettings>] {
        [
            ConfigurationKey("path", \.path, "Which paths it takes.", isRequired: true),
            ConfigurationKey("name", \.name, "Its name in events.", defaultText: "its path"),
            ConfigurationKey("methods", \.methods, "Which methods it takes.", defaultText: "all"),
            ConfigurationKey("guards", \.guards, "Overrides single keys of the service's guards.", defaultText: "the service's"),
            OpenAPIGuardSettings.key(in: \.guards, "Overrides single keys of the service's `openapi`, or its modes by one word."),
            ConfigurationKey("limits", \.limits, "Overrides limits of requests.", defaultText: "the service's"),
            ConfigurationKey("timeouts", \.timeouts, "Overrides time limits of requests.", defaultText: "the service's"),
        ]
    }

    /// What the service has set.
    public static func start(with reader: ConfigurationReader) -> RouteSettings {
        var route = RouteSettings()
        (route.guards, route.limits, route.timeouts) = (reader.inherited.guards, reader.inherited.limits, reader.inherited.timeouts)
        return route
    }

    /// Names the route.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if name.isEmpty { name = path.description }
    }

    func overlaps(_ other: RouteSettings) -> Bool {
        methods.isEmpty && other.methods.isEmpty || methods.contains(where: other.methods.contains)
    }
}

extension PathPattern {
    /// True where the other takes the very same paths; names of parameters do not count.
    func covers(same other: PathPattern) -> Bool {
        guard isPrefix == other.isPrefix, segments.count == other.segments.count else { return false }
        return zip(segments, other.segments).allSatisfy { mine, theirs in
            switch (mine, theirs) {
            case (.literal(let left), .literal(let right)): left == right
            case (.parameter, .parameter), (.rest, .rest): true
            default: false
            }
        }
    }

    /// True where some path of this pattern lies under a prefix.
    func mayLieUnder(_ prefix: PathPrefix) -> Bool {
        let wanted = prefix.text.split(separator: "/").map(String.init)
        for (segment, literal) in zip(segments, wanted) {
            switch segment {
            case .literal(let text): guard text == literal else { return false }
            case .parameter: continue
            case .rest: return true
            }
        }
        return segments.count >= wanted.count || isPrefix
    }
}
