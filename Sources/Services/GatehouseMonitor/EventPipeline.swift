internal import Foundation
public import GatehouseCore
internal import Synchronization

/// Takes events on the event loops and writes them on a thread of its own.
///
/// Emitting encodes the event and appends it to a bounded buffer; it never blocks on a disk or a pipe. What finds no room is
/// counted, and the count is itself written as soon as there is room.
public final class EventPipeline: EventSink {
    private struct State {
        var encoder: EventEncoder
        var buffer: [UInt8] = []
        var events = 0
        var lost = 0
        var lostInAll = 0
        var isEnding = false
    }

    private let state: Mutex<State>
    private let outputs: [any EventOutput]
    private let most: Int
    private let clock: any HouseClock
    private let ended = DispatchSemaphore(value: 0)
    private let wake = DispatchSemaphore(value: 0)

    /// A pipeline that runs until ``finish()``.
    ///
    /// - Parameters:
    ///   - queue: most events that wait to be written.
    public init(outputs: [any EventOutput], redactor: QueryRedactor, queue: Int, clock: any HouseClock) {
        self.outputs = outputs
        most = queue
        self.clock = clock
        state = Mutex(State(encoder: EventEncoder(redactor: redactor)))
        let thread = Thread { [self] in run() }
        thread.name = "events"
        thread.start()
    }

    /// Events that found no room since the start.
    public var lost: Int { state.withLock { $0.lostInAll } }

    /// Takes one event.
    public func emit(_ event: Event) {
        let isFilling = state.withLock { state in
            guard state.events < most else {
                state.lost += 1
                state.lostInAll += 1
                return false
            }
            state.events += 1
            state.encoder.encode(event, to: &state.buffer)
            return state.events == most / 2
        }
        if isFilling { wake.signal() }
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
            let (bytes, isEnding) = take()
            if !bytes.isEmpty { for output in outputs { output.write(bytes) } }
            if isEnding { break }
        }
        for output in outputs { output.close() }
        ended.signal()
    }

    private func take() -> ([UInt8], Bool) {
        let now = clock.wall
        return state.withLock { state in
            if state.lost > 0 {
                let record = SystemRecord(
                    time: now, component: "events", name: "events_lost", severity: .high,
                    message: "events found no room in the queue", facts: [("count", String(state.lost))])
                state.lost = 0
                state.encoder.encode(.system(record), to: &state.buffer)
            }
            var bytes: [UInt8] = []
            swap(&bytes, &state.buffer)
            state.events = 0
            return (bytes, state.isEnding)
        }
    }
}

/// Where encoded events go; called on the pipeline's thread only.
public protocol EventOutput: Sendable {
    /// Takes whole lines.
    func write(_ lines: [UInt8])
    /// Nothing more comes.
    func close()
}

/// The standard output of the program.
public struct StandardOutput: EventOutput {
    /// The standard output.
    public init() {}

    /// Writes lines; what the other end does not take is lost with it.
    public func write(_ lines: [UInt8]) { try? FileHandle.standardOutput.write(contentsOf: lines) }

    /// Does nothing.
    public func close() {}
}
