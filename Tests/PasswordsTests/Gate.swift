import Dispatch
import Synchronization

/// Holds threads until it is opened.
final class Gate: Sendable {
    private let count = Atomic(0)
    private let semaphore = DispatchSemaphore(value: 0)

    var entered: Int { count.load(ordering: .sequentiallyConsistent) }

    func pass() {
        count.add(1, ordering: .sequentiallyConsistent)
        semaphore.wait()
        semaphore.signal()
    }

    func open() { semaphore.signal() }
}
