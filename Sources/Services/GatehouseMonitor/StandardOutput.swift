internal import Foundation

/// The standard output of the program.
public struct StandardOutput: EventOutput {
    private let report: @Sendable (_ lostLines: Int, _ reason: String) -> Void

    /// The standard output.
    ///
    /// - Parameter report: is told when lines were lost, and why.
    public init(report: @escaping @Sendable (_ lostLines: Int, _ reason: String) -> Void = { _, _ in }) { self.report = report }

    /// Writes lines; waits for a reader that is slow, and counts as lost what cannot be written at all.
    public func write(_ lines: [UInt8]) {
        var rest = lines[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var wanted = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&wanted, 1, 1000)
            } else if errno != EINTR {
                return report(rest.count { $0 == UInt8(ascii: "\n") }, unsafe String(cString: strerror(errno)))
            }
        }
    }

    /// Does nothing.
    public func close() {}
}
