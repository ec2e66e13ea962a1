internal import Foundation
public import GatehouseCore
internal import Synchronization

/// Takes events on the event loops and writes them on a thread of its own.
///
/// Emitting encodes the event and appends it to a bounded buffer; it never blocks on a disk or a pipe. What finds no room is
/// counted, and the count is itself written as soon as there is room. Each event loop has a buffer of its own (``local()``), so that
/// loops do not wait for each other.
public final class EventPipeline: EventSink {
    /// Memory that a buffer may keep when it is empty.
    private static let keptBytes = 256 * 1024

    private let redactor: QueryRedactor
    private let main: EventBuffer
    private let buffers: Mutex<[EventBuffer]>
    private let outputs: [any EventOutput]
    private let most: Int
    private let clock: any HouseClock
    private let isEnding = Mutex(false)
    private let ended = DispatchSemaphore(value: 0)
    private let wake = DispatchSemaphore(value: 0)

    /// A pipeline that runs until ``finish()``.
    ///
    /// - Parameters:
    ///   - queue: most events that wait to be written, for each event loop.
    public init(outputs: [any EventOutput], redactor: QueryRedactor, queue: Int, clock: any HouseClock) {
        self.outputs = outputs
        self.redactor = redactor
        most = queue
        self.clock = clock
        main = EventBuffer(redactor, most: queue, wake: wake)
        buffers = Mutex([main])
        let thread = Thread { [self] in run() }
        thread.name = "events"
        thread.start()
    }

    /// Events that found no room since the start.
    public var lost: Int { buffers.withLock { $0.reduce(0) { $0 + $1.lostInAll } } }

    /// Takes one event.
    public func emit(_ event: Event) { main.emit(event) }

    /// Takes the event of a request.
    public func emit(request: RequestRecord) { main.emit(request: request) }

    /// A sink for one event loop.
    public func local() -> any EventSink {
        let buffer = EventBuffer(redactor, most: most, wake: wake)
        buffers.withLock { $0.append(buffer) }
        return buffer
    }

    /// Writes what is there and ends the thread.
    public func finish() {
        isEnding.withLock { $0 = true }
        wake.signal()
        ended.wait()
    }

    private func run() {
        var spare: [UInt8] = []
        while true {
            _ = wake.wait(timeout: .now() + .milliseconds(50))
            let isLast = isEnding.withLock { $0 }
            for buffer in buffers.withLock({ $0 }) {
                buffer.exchange(&spare, now: clock.wall)
                if !spare.isEmpty { for output in outputs { output.write(spare) } }
                if spare.capacity > Self.keptBytes { spare = [] } else { spare.removeAll(keepingCapacity: true) }
            }
            if isLast { break }
        }
        for output in outputs { output.close() }
        ended.signal()
    }
}
