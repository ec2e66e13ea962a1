internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
internal import Synchronization

/// Writes decisions on a thread of its own, from a bounded queue.
///
/// Nothing is lost in silence: what finds no room is counted, the count is the next line that is written, and an event says so.
public final class DecisionLog: Sendable {
    private struct State {
        var entries: [DecisionEntry] = []
        var lost = 0
        var lostInAll = 0
        var isEnding = false
    }

    let settings: DecisionLogFile
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let output: any DecisionOutput
    private let events: any EventSink
    private let clock: any HouseClock

    /// A log that runs until ``finish()``.
    init(_ settings: DecisionLogFile, output: any DecisionOutput, events: any EventSink, clock: any HouseClock) {
        self.settings = settings
        self.output = output
        self.events = events
        self.clock = clock
        let thread = Thread { [self] in run() }
        thread.name = "decisions"
        thread.start()
    }

    /// Decisions that found no room since the start.
    public var lost: Int { state.withLock { $0.lostInAll } }

    /// Takes a decision.
    ///
    /// - Returns: false where there was no room for it.
    func append(_ entry: DecisionEntry) -> Bool {
        let count = state.withLock { state in
            guard state.entries.count < settings.queue else {
                state.lost += 1
                state.lostInAll += 1
                return 0
            }
            state.entries.append(entry)
            return state.entries.count
        }
        if count == settings.queue / 2 { wake.signal() }
        return count > 0
    }

    /// Writes what is there and ends the thread.
    public func finish() {
        state.withLock { $0.isEnding = true }
        wake.signal()
        ended.wait()
    }

    private func run() {
        while true {
            _ = wake.wait(timeout: .now() + .milliseconds(50))
            let (entries, lost, isEnding) = take()
            if lost > 0 { tell(lost) }
            for part in stride(from: 0, to: entries.count, by: 256) {
                var bytes: [UInt8] = []
                for entry in entries[part..<min(part + 256, entries.count)] { entry.write(to: &bytes) }
                output.write(bytes)
            }
            if isEnding { break }
        }
        output.close()
        ended.signal()
    }

    private func take() -> ([DecisionEntry], Int, Bool) {
        state.withLock { state in
            var entries: [DecisionEntry] = []
            swap(&entries, &state.entries)
            defer { state.lost = 0 }
            return (entries, state.lost, state.isEnding)
        }
    }

    private func tell(_ lost: Int) {
        output.write(Array("{\"lost\":\(lost),\"time\":\"\(Timestamp.text(clock.wall))\"}\n".utf8))
        events.emit(
            .system(
                SystemRecord(
                    time: clock.wall, component: "authorization", name: "decisions_lost", severity: .high,
                    message: "decisions found no room in the queue of the decision log", facts: [("count", String(lost))])))
    }
}

/// Where lines of decisions go; called on the log's thread only.
public protocol DecisionOutput: Sendable {
    /// Takes whole lines.
    func write(_ lines: [UInt8])
    /// Nothing more comes.
    func close()
}
