import NIOCore
import NIOPosix

/// A port of loopback on which nothing listens.
enum FreePort {
    static func find() throws -> Int {
        let channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).wait()
        defer { channel.close(promise: nil) }
        return channel.localAddress?.port ?? 0
    }
}
