internal import GatehouseGuards
internal import NIOCore
public import NIOPosix
internal import SecLang

/// Threads on which the rules look at long bodies, so that the event loops go on.
public struct FirewallWorker: Sendable {
    /// Bodies over so many bytes are looked at here; a shorter one takes a fraction of a millisecond.
    static let longBody = 16 * 1024

    private let pool: NIOThreadPool

    /// Uses threads of a pool that is started.
    public init(_ pool: NIOThreadPool) { self.pool = pool }

    /// Lends a run's transaction to a thread for a piece of work.
    ///
    /// Assumes: on the exchange's event loop. Where there is none, as in tests, the work is done at once.
    func lend(
        _ run: FirewallRun, _ work: @escaping (Transaction) -> Interruption?, _ next: @escaping (Interruption?) -> Verdict
    ) -> Verdict {
        guard let loop = MultiThreadedEventLoopGroup.currentEventLoop else { return next(work(run.transaction)) }
        run.isAway = true
        let loan = Loan(run.transaction, work)
        let promise = loop.makePromise(of: Verdict.self)
        pool.runIfActive(eventLoop: loop) { loan.carryOut() }.assumeIsolated().whenComplete { result in
            run.isAway = false
            switch result {
            case .success(let interruption): promise.assumeIsolated().succeed(next(interruption))
            case .failure(let error): promise.fail(error)
            }
        }
        return .wait(promise.futureResult)
    }

    /// A transaction and what is to be done with it, on their way to a thread and back.
    private final class Loan: @unchecked Sendable {  // the event loop leaves the transaction alone until it is back
        private let transaction: Transaction
        private let work: (Transaction) -> Interruption?

        init(_ transaction: Transaction, _ work: @escaping (Transaction) -> Interruption?) {
            self.transaction = transaction
            self.work = work
        }

        func carryOut() -> Interruption? { work(transaction) }
    }
}
