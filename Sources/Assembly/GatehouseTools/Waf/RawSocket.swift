internal import Foundation

/// One exchange over a TCP socket on loopback, byte for byte.
enum RawSocket {
    /// Sends bytes, ends its half, and reads until the other side ends; nil where no connection comes about.
    ///
    /// - Parameters:
    ///   - source: the client's address, any of 127.0.0.0/8.
    ///   - timeout: the longest wait for more bytes, in seconds.
    static func exchange(_ bytes: [UInt8], port: Int, from source: String, timeout: Int) -> [UInt8]? {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return nil }
        defer { close(socket) }
        var wait = timeval(tv_sec: timeout, tv_usec: 0)
        unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        guard unsafe withAddress(source, 0, { unsafe bind(socket, $0, $1) }) == 0,
            unsafe withAddress("127.0.0.1", port, { unsafe connect(socket, $0, $1) }) == 0
        else { return nil }
        sendAll(bytes, on: socket)
        shutdown(socket, Int32(SHUT_WR))
        return receiveAll(from: socket)
    }

    private static func sendAll(_ bytes: [UInt8], on socket: Int32) {
        unsafe bytes.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count {
                let count = unsafe send(socket, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    private static func receiveAll(from socket: Int32) -> [UInt8] {
        var answer: [UInt8] = []
        var window = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe recv(socket, &window, window.count, 0)
            guard count > 0 else { return answer }
            answer += window[..<count]
        }
    }

    private static func withAddress(_ host: String, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        unsafe address.sin_addr.s_addr = inet_addr(host)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
