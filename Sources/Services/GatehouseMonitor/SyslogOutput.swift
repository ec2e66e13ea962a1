internal import Foundation
internal import Synchronization

/// Sends events to a syslog server (RFC 5424) over UDP, one datagram each, or TCP with octet counting (RFC 6587, section 3.4.1).
///
/// While the server cannot be reached, lines are counted as lost and a new connection is tried once a second.
public final class SyslogOutput: EventOutput {
    /// How lines travel.
    public enum Transport: Sendable {
        case udp
        case tcp
    }

    private struct State {
        var descriptor: Int32 = -1
        var nextTry = Date.distantPast
    }

    private let host: String
    private let port: Int
    private let transport: Transport
    private let facility: Int
    private let hostName = ProcessInfo.processInfo.hostName
    private let process = ProcessInfo.processInfo.processIdentifier
    private let report: @Sendable (_ lostLines: Int, _ reason: String) -> Void
    private let state = Mutex(State())

    /// An output to a server.
    ///
    /// - Parameters:
    ///   - facility: 0 to 23; 16 is `local0`.
    ///   - report: is told when lines were lost, and why.
    public init(
        host: String, port: Int, transport: Transport, facility: Int,
        report: @escaping @Sendable (_ lostLines: Int, _ reason: String) -> Void
    ) {
        self.host = host
        self.port = port
        self.transport = transport
        self.facility = facility
        self.report = report
    }

    /// Sends each line as a message.
    public func write(_ lines: [UInt8]) {
        let now = Date()
        state.withLock { state in
            var lost = 0
            for line in lines.split(separator: UInt8(ascii: "\n")) where !send(framed(line, now), &state, now) { lost += 1 }
            if lost > 0 { report(lost, "syslog server `\(host):\(port)` cannot be reached") }
        }
    }

    /// Closes the connection.
    public func close() { state.withLock { disconnect(&$0) } }

    private func framed(_ line: ArraySlice<UInt8>, _ now: Date) -> [UInt8] {
        let time = now.ISO8601Format(.iso8601(timeZone: .gmt, includingFractionalSeconds: true))
        let header = "<\(facility * 8 + 6)>1 \(time) \(hostName) gatehouse \(process) event - "
        let message = Array(header.utf8) + line
        return transport == .tcp ? Array("\(message.count) ".utf8) + message : message
    }

    private func send(_ message: [UInt8], _ state: inout State, _ now: Date) -> Bool {
        if state.descriptor < 0 {
            guard now >= state.nextTry else { return false }
            connect(&state)
            state.nextTry = now.addingTimeInterval(1)
        }
        guard state.descriptor >= 0 else { return false }
        var rest = message[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Foundation.send(state.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else {
                disconnect(&state)
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func connect(_ state: inout State) {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = transport == .udp ? Int32(SOCK_DGRAM.rawValue) : Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &found) == 0, let first = unsafe found else { return }
        defer { unsafe freeaddrinfo(first) }
        let descriptor = unsafe socket(first.pointee.ai_family, first.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        var wait = timeval(tv_sec: 2, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        if unsafe Foundation.connect(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0 {
            state.descriptor = descriptor
        } else {
            Foundation.close(descriptor)
        }
    }

    private func disconnect(_ state: inout State) {
        if state.descriptor >= 0 { Foundation.close(state.descriptor) }
        state.descriptor = -1
    }
}
