internal import Foundation

/// Room on the stack for work that follows the nesting of its input.
///
/// Work of everyday depth runs where it is called. Deeper work, up to the limit of ``CedarLimits/depth``, runs on a thread
/// with a stack of 64 MiB while the caller waits, so that callers get by with 512 KiB.
enum DeepStack {
    /// Nesting that the caller's own stack has room for.
    static let shallow = 16
    private static let bytes = 64 << 20

    /// Runs work that nests so deep.
    static func run<Output: Sendable>(depth: Int, _ body: @escaping @Sendable () -> Output) -> Output {
        guard depth > shallow else { return body() }
        let box = Box<Output>()
        let thread = Thread { box.fulfil(body()) }
        thread.stackSize = bytes
        thread.start()
        return box.wait()
    }

    /// Runs work that may fail.
    static func run<Output: Sendable>(
        depth: Int, _ body: @escaping @Sendable () throws(CedarError) -> Output
    ) throws(CedarError) -> Output {
        let result: Result<Output, CedarError> = run(depth: depth) {
            do throws(CedarError) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Hands one value from thread to thread.
    private final class Box<Output: Sendable>: @unchecked Sendable {  // the condition guards the value
        private let condition = NSCondition()
        private var value: Output?

        func fulfil(_ value: Output) {
            condition.lock()
            self.value = value
            condition.signal()
            condition.unlock()
        }

        func wait() -> Output {
            condition.lock()
            defer { condition.unlock() }
            while true {
                if let value { return value }
                condition.wait()
            }
        }
    }
}
