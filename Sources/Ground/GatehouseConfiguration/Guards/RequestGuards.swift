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

/// Allow and deny lists of the true client's address.
public struct AddressGuardSettings: Sendable, Equatable {
    /// Default `enforce`.
    public var mode = GuardMode.enforce
    /// Where not empty, only these networks are let in.
    public var allow: [CIDRBlock] = []
    /// These networks are refused, even where `allow` has them.
    public var deny: [CIDRBlock] = []
    /// Files of further networks to allow, one a line; read and watched.
    public var allowFiles: [AddressFile] = []
    /// Files of further networks to refuse, one a line; read and watched.
    public var denyFiles: [AddressFile] = []

    /// Everyone is let in.
    public init() {}

    /// All networks to allow, from the file and the lists it names.
    public var allAllowed: [CIDRBlock] { allow + allowFiles.flatMap(\.blocks) }
    /// All networks to refuse, from the file and the lists it names.
    public var allDenied: [CIDRBlock] { deny + denyFiles.flatMap(\.blocks) }
}

/// A file of networks, one a line; `#` begins a comment.
public struct AddressFile: Sendable, Equatable {
    /// The file.
    public var path: FilePath
    /// What it held when the configuration was loaded.
    public var blocks: [CIDRBlock]

    /// A file with its content.
    public init(path: FilePath, blocks: [CIDRBlock]) {
        self.path = path
        self.blocks = blocks
    }
}

/// Rate and concurrency limits: a request must pass all of them.
public struct RateLimitGuardSettings: Sendable, Equatable {
    /// Default `enforce`.
    public var mode = GuardMode.enforce
    /// The limits. A limit with the name of an inherited one takes its place; others are added.
    public var limits: [RateLimit] = [.standard]
    /// Sends `RateLimit` and `RateLimit-Policy` fields; default true.
    public var sendsFields = true
    /// Keys that all counters of one limit hold at most; the oldest make room. Default 1 000 000.
    public var maxKeys = 1_000_000

    /// One generous limit per client network.
    public init() {}
}

/// One rate or concurrency limit.
public struct RateLimit: Sendable, Equatable {
    /// Its name in events and in `RateLimit` fields; unique.
    public var name = ""
    /// What requests are counted by; several make one key.
    public var key: [RateLimitKey] = [.clientNetwork]
    /// How many requests in what time; nil: no rate.
    public var rate: Rate?
    /// How many may come at once on top of an even flow; nil: as many as the rate's count.
    public var burst: Int?
    /// How many may run at the same time; nil: no bound.
    public var concurrency: Int?

    /// An empty limit, to be filled in.
    public init() {}

    /// The default: 3000 requests a minute of one client network, 600 at once.
    public static var standard: RateLimit {
        var limit = RateLimit()
        limit.name = "default"
        limit.rate = Rate(count: 3000, period: .seconds(60))
        limit.burst = 600
        return limit
    }
}

/// What a rate limit counts by.
public enum RateLimitKey: Sendable, Hashable {
    /// The true client's address.
    case client
    /// Its network: /24 of IPv4, /56 of IPv6.
    case clientNetwork
    /// A field of the request.
    case header(FieldName)
    /// The API key that authenticated the request.
    case apiKey
    /// The service and route.
    case route
    /// The authenticated user.
    case user
}
