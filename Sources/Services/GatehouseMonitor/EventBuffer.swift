internal import Dispatch
internal import GatehouseCore
internal import Synchronization

/// The encoded events of one event loop that wait to be written.
final class EventBuffer: EventSink {
    /// Bytes at which the writer is woken before its time.
    private static let enough = 64 * 1024

    private struct State {
        var encoder: EventEncoder
        var bytes: [UInt8] = []
        var events = 0
        var lost = 0
        var lostInAll = 0
        var isWaking = false
    }

    private let state: Mutex<State>
    private let most: Int
    private let wake: DispatchSemaphore

    init(_ redactor: QueryRedactor, most: Int, wake: DispatchSemaphore) {
        state = Mutex(State(encoder: EventEncoder(redactor: redactor)))
        self.most = most
        self.wake = wake
    }

    /// Events that found no room since the start.
    var lostInAll: Int { state.withLock { $0.lostInAll } }

    func emit(_ event: Event) { add { $0.encode(event, to: &$1) } }

    func emit(request: RequestRecord) { add { $0.encode(request, to: &$1) } }

    private func add(_ encode: (inout EventEncoder, inout [UInt8]) -> Void) {
        let isFilling = state.withLock { state in
            guard state.events < most else {
                state.lost += 1
                state.lostInAll += 1
                return false
            }
            state.events += 1
            encode(&state.encoder, &state.bytes)
            guard !state.isWaking, state.bytes.count >= Self.enough || state.events >= most / 2 else { return false }
            state.isWaking = true
            return true
        }
        if isFilling { wake.signal() }
    }

    /// Gives the lines that wait, behind them the count of those that were lost, and takes empty memory for the next ones.
    func exchange(_ bytes: inout [UInt8], now: Int64) {
        state.withLock { state in
            if state.lost > 0 {
                let record = SystemRecord(
                    time: now, component: "events", name: "events_lost", severity: .high,
                    message: "events found no room in the queue", facts: [("count", String(state.lost))])
                state.lost = 0
                state.encoder.encode(.system(record), to: &state.bytes)
            }
            swap(&bytes, &state.bytes)
            state.events = 0
            state.isWaking = false
        }
    }
}
