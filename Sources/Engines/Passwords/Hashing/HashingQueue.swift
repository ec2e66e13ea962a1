import Dispatch
import Synchronization

/// Runs slow work off the event loops: at most one piece for each worker at a time, a bounded number waiting, the rest refused
/// at once.
///
/// A flood of sign-ins so costs the attacker's requests an answer, never the machine its memory or its event loops.
public final class HashingQueue: Sendable {
    /// Too much is waiting.
    public struct Full: Error, Sendable, Hashable {
        /// When the queue will have moved on, by how long work took lately; at least one second. Fit for `Retry-After`.
        public let retryAfter: Duration
    }

    private struct Job: Sendable {
        let id: Int
        let run: @Sendable () -> Void
        let cancel: @Sendable () -> Void
    }

    private struct State: Sendable {
        var running = 0
        var waiting: [Job] = []
        var nextID = 0
        /// Running mean of how long a piece takes.
        var mean = Duration.milliseconds(50)
    }

    private let workers: Int
    private let capacity: Int
    private let state = Mutex(State())
    private let threads = DispatchQueue(label: "gatehouse.hashing", qos: .utility, attributes: .concurrent)

    /// A queue.
    ///
    /// - Parameters:
    ///   - workers: Pieces at a time; give the number of cores or fewer.
    ///   - capacity: Pieces that may wait; 64.
    public init(workers: Int, capacity: Int = 64) {
        self.workers = max(1, workers)
        self.capacity = max(0, capacity)
    }

    /// Runs a piece of work and gives its result.
    ///
    /// A task that is cancelled while it waits leaves the queue.
    /// - Throws: ``Full``, or `CancellationError`.
    public func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async throws -> Result {
        try Task.checkCancellation()
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let job = Job(
                    id: id, run: { continuation.resume(returning: work()) },
                    cancel: { continuation.resume(throwing: CancellationError()) })
                if let refusal = admit(job) { continuation.resume(throwing: refusal) }
            }
        } onCancel: {
            leave(id)
        }
    }

    /// Pieces waiting now.
    public var waitingCount: Int { state.withLock { $0.waiting.count } }

    private func admit(_ job: Job) -> (any Error)? {
        enum Admission { case start, wait, refuse(any Error) }
        let admission = state.withLock { state -> Admission in
            if state.running < workers {
                state.running += 1
                return .start
            }
            guard state.waiting.count < capacity else { return .refuse(full(state)) }
            state.waiting.append(job)
            return .wait
        }
        switch admission {
        case .start: start(job)
        case .wait: break
        case .refuse(let error): return error
        }
        return nil
    }

    private func full(_ state: State) -> Full {
        let rounds = state.waiting.count / workers + 1
        return Full(retryAfter: max(.seconds(1), state.mean * rounds))
    }

    private func start(_ first: Job) {
        threads.async { [self] in
            var job = first
            while true {
                let clock = ContinuousClock()
                let begin = clock.now
                job.run()
                guard let next = finish(clock.now - begin) else { return }
                job = next
            }
        }
    }

    /// The next piece for the thread that has finished one.
    private func finish(_ duration: Duration) -> Job? {
        state.withLock { state in
            state.mean = (state.mean * 7 + duration) / 8
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    /// Takes a cancelled piece out, unless it is running already.
    private func leave(_ id: Int) {
        let job = state.withLock { state -> Job? in
            if let place = state.waiting.firstIndex(where: { $0.id == id }) { return state.waiting.remove(at: place) }
            return nil
        }
        job?.cancel()
    }
}
