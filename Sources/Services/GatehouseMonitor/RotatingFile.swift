internal import Foundation
internal import Synchronization

/// A file that is put aside when it has grown to a size: `events.jsonl` becomes `events.jsonl.1`, that one `.2`, and so on.
///
/// Lines are never cut. While the disk is full or the file cannot be opened, lines are counted as lost and each later write tries again;
/// requests are never held up. Mode 0600.
public final class RotatingFile: EventOutput {
    private struct State {
        var descriptor: Int32 = -1
        var size = 0
        var lost = 0
    }

    private let path: String
    private let mostBytes: Int
    private let keep: Int
    private let report: @Sendable (_ lostLines: Int, _ reason: String) -> Void
    private let state = Mutex(State())

    /// A file at a path; it is opened at the first write.
    ///
    /// - Parameters:
    ///   - mostBytes: size at which it is put aside.
    ///   - keep: how many files that were put aside are kept.
    ///   - report: is told when lines were lost, and why.
    public init(path: String, mostBytes: Int, keep: Int, report: @escaping @Sendable (_ lostLines: Int, _ reason: String) -> Void) {
        self.path = path
        self.mostBytes = mostBytes
        self.keep = keep
        self.report = report
    }

    /// Appends lines, after putting the file aside when they would make it too large.
    public func write(_ lines: [UInt8]) {
        state.withLock { state in
            if state.size > 0, state.size + lines.count > mostBytes { rotate(&state) }
            guard open(&state) else { return lose(lines[...], &state, unsafe String(cString: strerror(errno))) }
            append(lines[...], &state)
        }
    }

    /// Writes everything through to the disk and closes the file.
    public func close() {
        state.withLock { state in
            guard state.descriptor >= 0 else { return }
            fsync(state.descriptor)
            Foundation.close(state.descriptor)
            state.descriptor = -1
        }
    }

    private func append(_ lines: ArraySlice<UInt8>, _ state: inout State) {
        let start = state.size
        var rest = lines
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Foundation.write(state.descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = unsafe String(cString: strerror(errno))
                // what was written of a line is taken back, so that the next one starts clean
                let whole = lines[..<rest.startIndex].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? lines.startIndex
                state.size = start + whole - lines.startIndex
                ftruncate(state.descriptor, off_t(state.size))
                return lose(lines[whole...], &state, reason)
            }
            state.size += count
            rest = rest.dropFirst(count)
        }
    }

    private func lose(_ lines: ArraySlice<UInt8>, _ state: inout State, _ reason: String) {
        let count = lines.count { $0 == UInt8(ascii: "\n") }
        state.lost += count
        report(count, reason)
    }

    private func open(_ state: inout State) -> Bool {
        if state.descriptor >= 0 { return true }
        state.descriptor = unsafe Foundation.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard state.descriptor >= 0 else { return false }
        state.size = Int(lseek(state.descriptor, 0, SEEK_END))
        return true
    }

    private func rotate(_ state: inout State) {
        if state.descriptor >= 0 { Foundation.close(state.descriptor) }
        state.descriptor = -1
        state.size = 0
        guard keep > 0 else {
            unsafe unlink(path)
            return
        }
        for number in stride(from: keep - 1, through: 1, by: -1) { unsafe rename("\(path).\(number)", "\(path).\(number + 1)") }
        unsafe rename(path, "\(path).1")
    }
}
