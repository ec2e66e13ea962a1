internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire
internal import NIOCore
internal import NIOHTTP2
internal import NIOSSL
internal import NIOTLS

/// What a listener does with a new connection: limits, PROXY header, TLS, and the choice of HTTP/1 or HTTP/2.
struct ConnectionStart {
    let house: LoopContext
    let listener: ListenerState.Settings
    /// The port that was connected to.
    let port: Int

    /// Sets up the pipeline of an accepted connection.
    func start(_ channel: any Channel) throws {
        guard let peer = channel.remoteAddress.flatMap(IPAddress.init), let peerPort = channel.remoteAddress?.port else {
            throw ChannelError.unknownLocalAddress
        }
        let facts = ConnectionFacts(peer: peer, peerPort: peerPort, localPort: port)
        let limits = house.house.configuration.limits
        if let limit = house.shared.admit(peer, most: limits.connections, mostPerClient: limits.connectionsPerClient) {
            house.emit("listener", limit.rawValue, .medium, "connection refused at the limit", [("client", peer.description)])
            throw ChannelError.ioOnClosedChannel
        }
        let shared = house.shared
        channel.closeFuture.whenComplete { _ in shared.release(peer) }
        try startPlain(channel, facts)
    }

    private func startPlain(_ channel: any Channel, _ facts: ConnectionFacts) throws {
        let operations = channel.pipeline.syncOperations
        if listener.configured.proxyProtocol.use != .off {
            try operations.addHandler(ProxyProtocolHandler(self, facts))
        } else {
            try startSecurity(channel, facts)
        }
    }

    /// Goes on behind the PROXY header, if there was one.
    func startSecurity(_ channel: any Channel, _ facts: ConnectionFacts) throws {
        let operations = channel.pipeline.syncOperations
        if let tls = listener.tls {
            try secure(channel, tls, HandshakeWaiter(self, facts))
        } else {
            try operations.addHandler(PlainStarter(self, facts))
        }
    }

    /// Reads the name that the client asks for, then lets TLS begin.
    private func secure(_ channel: any Channel, _ tls: ListenerTLSContext, _ waiter: HandshakeWaiter) throws {
        let bound = NIOLoopBound((channel, waiter), eventLoop: channel.eventLoop)
        let names = SNIHandler { result in
            let (channel, waiter) = bound.value
            if case .hostname(let name) = result { waiter.serverName = name.lowercased() }
            return channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.context), position: .before(waiter))
            }
        }
        try channel.pipeline.syncOperations.addHandlers([ByteToMessageHandler(names), waiter])
    }

    /// Speaks HTTP/1 from here on.
    func speakHTTP1(_ channel: any Channel, _ facts: ConnectionFacts) throws {
        try channel.pipeline.syncOperations.addHandler(HTTP1Front(house, facts, redirectsTo: listener.redirectPort))
    }

    /// Speaks HTTP/2 from here on.
    func speakHTTP2(_ channel: any Channel, _ facts: ConnectionFacts) throws {
        let limits = house.house.configuration.limits
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: limits.http2Streams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: house.house.wireLimits.headBytes),
            HTTP2Setting(parameter: .initialWindowSize, value: 256 * 1024),
        ]
        connection.targetWindowSize = 1 << 20
        connection.maximumSequentialContinuationFrames = limits.http2Continuations
        connection.controlFrameRateLimit.maximumCount = limits.http2ControlFramesPerMinute
        connection.controlFrameRateLimit.windowLength = .seconds(60)
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.targetWindowSize = 256 * 1024
        stream.outboundBufferSizeHighWatermark = 64 * 1024
        stream.outboundBufferSizeLowWatermark = 32 * 1024
        stream.streamResetFrameRateLimit.maximumCount = limits.http2ResetsPerMinute
        stream.streamResetFrameRateLimit.windowLength = .seconds(60)
        let timeouts = house.house.configuration.timeouts
        let management = NIOHTTP2ServerConnectionManagementHandler(
            eventLoop: channel.eventLoop,
            configuration: .init(
                maxIdleTime: TimeAmount(timeouts.idleKeepAlive), maxAge: nil, maxGraceTime: TimeAmount(timeouts.drain), keepalive: nil))
        let bound = NIOLoopBound((house, facts), eventLoop: channel.eventLoop)
        _ = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .server, connectionConfiguration: connection, streamConfiguration: stream,
            streamDelegate: management.http2StreamDelegate
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                let (house, facts) = bound.value
                try stream.pipeline.syncOperations.addHandler(HTTP2Front(house, facts))
            }
        }
        try channel.pipeline.syncOperations.addHandler(management)
        try channel.pipeline.syncOperations.addHandler(HTTP2ConnectionFront(house, facts, management))
    }
}

extension IPAddress {
    /// The address of a socket; `nil` for other families.
    init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        self.init(text: text.prefix { $0 != "%" })
    }
}
