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

/// Time limits of the whole program.
public struct Timeouts: Sendable, Equatable {
    /// From the first byte of a request head to its last, the TLS handshake counted likewise; default 10 s.
    public var requestHead = Duration.seconds(10)
    /// Without a request on an open client connection; default 60 s.
    public var idleKeepAlive = Duration.seconds(60)
    /// For running requests to end when the program stops; default 30 s.
    public var drain = Duration.seconds(30)
    /// The times of one request, as set at the top.
    public var request = RouteTimeouts()

    /// The defaults.
    public init() {}
}

/// Time limits of one request, which services and routes may set.
public struct RouteTimeouts: Sendable, Equatable {
    /// Without a byte of a request body that is not complete; default 30 s.
    public var requestBodyIdle = Duration.seconds(30)
    /// For a connection to an upstream, its TLS handshake included; default 5 s.
    public var connect = Duration.seconds(5)
    /// From the end of the request to the response head; default 60 s.
    public var responseHead = Duration.seconds(60)
    /// Without a byte of a response body from the upstream; default 60 s.
    public var responseBodyIdle = Duration.seconds(60)
    /// Without progress when a peer does not read what is sent to it; default 30 s.
    public var writeIdle = Duration.seconds(30)
    /// Without a byte either way on an upgraded connection; default 1 h.
    public var upgradeIdle = Duration.seconds(3600)

    /// The defaults.
    public init() {}
}
