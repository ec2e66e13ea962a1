internal import GatehouseCore
internal import GatehouseOutgoing
internal import JOSE
internal import NIOCore
internal import Synchronization

/// The keys of one outside issuer: the last good set, and how it is kept fresh.
///
/// Shared by all places that trust the issuer, and kept across reloads. Whoever needs a key that is not there waits for a fetch in the
/// background, with at most 256 others; the event loops never wait.
final class IssuerKeys: Sendable {
    private let source: KeySource
    private let client: OutgoingClient
    private let clock: any HouseClock
    private let events: any EventSink
    private let state = Mutex(State())

    private struct State {
        var schedule = KeySetSchedule()
        var document: IssuerDocument?
        var generation = 0
        var waiting: [EventLoopPromise<Void>] = []
    }

    init(_ source: KeySource, client: OutgoingClient, clock: any HouseClock, events: any EventSink) {
        self.source = source
        self.client = client
        self.clock = clock
        self.events = events
    }

    /// The set in force and its number; `nil` while there has never been one.
    var current: (set: JSONWebKeySet, generation: Int)? {
        state.withLock { state in state.document?.set.map { ($0, state.generation) } }
    }

    /// Where the issuer answers; `nil` while it was never reached.
    var document: IssuerDocument? { state.withLock { $0.document } }

    /// The number of the set in force; 0 for none.
    var generation: Int { state.withLock { $0.generation } }

    /// Begins a fetch in the background if it is time.
    func tick() { if state.withLock({ $0.schedule.tick(at: clock.monotonic) }) { fetch() } }

    /// A wait for a key that is not there; `nil` where waiting makes no sense.
    func wait(on loop: any EventLoop) -> EventLoopFuture<Void>? {
        let promise = loop.makePromise(of: Void.self)
        let answer = state.withLock { state -> KeySetSchedule.Answer in
            guard state.waiting.count < 256 else { return .refuse }
            let answer = state.schedule.keyIsMissing(at: clock.monotonic)
            if answer != .refuse { state.waiting.append(promise) }
            return answer
        }
        switch answer {
        case .fetch: fetch()
        case .join: break
        case .refuse:
            promise.succeed()
            return nil
        }
        return promise.futureResult
    }

    private func fetch() {
        Task.detached { [self] in
            do {
                take(try await source.fetch(client))
            } catch {
                end(nil)
                say(.high, "keys_unavailable", "the keys of `\(source.issuer)` cannot be fetched, the last good ones stay: \(error)")
            }
        }
    }

    private func take(_ document: IssuerDocument) {
        for skipped in document.set?.skipped ?? [] {
            say(.low, "key_skipped", "a key of `\(source.issuer)` is left out: \(skipped.error)")
        }
        end(document)
    }

    private func end(_ document: IssuerDocument?) {
        let waiting = state.withLock { state in
            state.schedule.ended(success: document != nil, at: clock.monotonic)
            if let document {
                if state.document?.set?.keys != document.set?.keys { state.generation += 1 }
                state.document = document
            }
            defer { state.waiting = [] }
            return state.waiting
        }
        for promise in waiting { promise.succeed() }
    }

    private func say(_ severity: Severity, _ name: String, _ message: String) {
        events.emit(
            .system(SystemRecord(time: clock.wall, component: "authentication", name: name, severity: severity, message: message)))
    }
}
