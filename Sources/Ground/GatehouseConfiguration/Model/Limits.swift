public import GatehouseCore

/// Limits of the whole program. What crosses one is refused or closed, with an event.
public struct Limits: Sendable, Equatable {
    /// Open client connections in all; default 10 000.
    public var connections = 10_000
    /// Open connections of one client address; default 256.
    public var connectionsPerClient = 256
    /// Requests on one HTTP/1.1 connection before it is closed; default 10 000.
    public var requestsPerConnection = 10_000
    /// Concurrent streams of one HTTP/2 connection; default 100.
    public var http2Streams = 100
    /// Streams that a client may reset within a minute before its connection is closed (rapid reset); default 200.
    public var http2ResetsPerMinute = 200
    /// Frames beside DATA and HEADERS (PING, SETTINGS, PRIORITY, empty DATA) within a minute; default 600.
    public var http2ControlFramesPerMinute = 600
    /// CONTINUATION frames of one field block; default 8.
    public var http2Continuations = 8
    /// Bytes held per direction of one exchange before reading stops; default 64 KiB.
    public var bufferBytes = ByteCount.kibibytes(64)
    /// The limits of one request, as set at the top.
    public var request = RouteLimits()

    /// The defaults.
    public init() {}
}

extension Limits: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "limits" }
    /// What it is for.
    public static var about: String { "Limits of the whole program, and those of each request unless a service or route says otherwise." }

    /// Its keys, those of a request among them.
    public static var keys: [ConfigurationKey<Limits>] {
        [
            ConfigurationKey("connections", \.connections, in: 1...10_000_000, "Open client connections in all."),
            ConfigurationKey(
                "connections_per_client", \.connectionsPerClient, in: 1...1_000_000, "Open connections of one client address."),
            ConfigurationKey(
                "requests_per_connection", \.requestsPerConnection, in: 1...100_000_000,
                "Requests on one HTTP/1.1 connection before it is closed."),
            ConfigurationKey("http2_streams", \.http2Streams, in: 1...10_000, "Concurrent streams of one HTTP/2 connection."),
            ConfigurationKey(
                "http2_resets_per_minute", \.http2ResetsPerMinute, in: 1...1_000_000,
                "Streams a client may reset before its connection is closed (rapid reset)."),
            ConfigurationKey(
                "http2_control_frames_per_minute", \.http2ControlFramesPerMinute, in: 10...10_000_000,
                "PING, SETTINGS, PRIORITY and empty DATA frames."),
            ConfigurationKey("http2_continuations", \.http2Continuations, in: 1...1000, "CONTINUATION frames of one field block."),
            ConfigurationKey(
                "buffer_bytes", \.bufferBytes, in: 4096...(.mebibytes(64)), "Bytes held per direction of one exchange before reading stops."
            ),
        ] + RouteLimits.keys.map { $0.lifted(into: \.request) }
    }
}

/// Limits of one request, which services and routes may set.
public struct RouteLimits: Sendable, Equatable {
    /// Fields of a request head and of its trailers; default 100.
    public var headerCount = 100
    /// Bytes of a request head; default 32 KiB.
    public var headerBytes = ByteCount.kibibytes(32)
    /// Bytes of the request target; default 8 KiB.
    public var uriBytes = ByteCount.kibibytes(8)
    /// Bytes of a request body; default 10 MiB.
    public var bodyBytes = ByteCount.mebibytes(10)
    /// Bytes of a response head from the upstream; default 64 KiB.
    public var responseHeaderBytes = ByteCount.kibibytes(64)

    /// The defaults.
    public init() {}
}

extension RouteLimits: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "request limits" }
    /// What it is for.
    public static var about: String { "Limits of one request." }

    /// Its keys.
    public static var keys: [ConfigurationKey<RouteLimits>] {
        [
            ConfigurationKey("header_count", \.headerCount, in: 1...10_000, "Fields of a request head, and of its trailers."),
            ConfigurationKey("header_bytes", \.headerBytes, in: 256...(.mebibytes(4)), "Bytes of a request head."),
            ConfigurationKey("uri_bytes", \.uriBytes, in: 64...(.mebibytes(1)), "Bytes of the request target."),
            ConfigurationKey(
                "body_bytes", \.bodyBytes, in: 0...ByteCount(1 << 42), "Bytes of a request body.",
                risk: Risk("more than 1GiB", because: "one request may keep an upstream busy for long") { $0 > ByteCount(1 << 30) }),
            ConfigurationKey(
                "response_header_bytes", \.responseHeaderBytes, in: 256...(.mebibytes(4)), "Bytes of a response head from the upstream."),
        ]
    }
}
