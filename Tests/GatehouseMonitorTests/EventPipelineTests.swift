import GatehouseCore
import GatehouseMonitor
import Synchronization
import Testing

@Suite struct EventPipelineTests {
    /// Keeps what it is given.
    private final class Memory: EventOutput {
        let lines = Mutex<[UInt8]>([])
        func write(_ lines: [UInt8]) { self.lines.withLock { $0 += lines } }
        func close() {}
        var count: Int { lines.withLock { lines in lines.count { $0 == 0x0A } } }
        func contains(_ text: String) -> Bool { lines.withLock { String(decoding: $0, as: UTF8.self).contains(text) } }
    }

    @Test func writesWhatEveryLoopHasSaid() {
        let memory = Memory()
        let pipeline = EventPipeline(outputs: [memory], redactor: QueryRedactor(), queue: 100_000, clock: SystemClock())
        let sinks = [pipeline.local(), pipeline.local(), pipeline]
        for number in 0..<3000 { sinks[number % 3].emit(event("n\(number)")) }
        pipeline.finish()
        #expect(memory.count == 3000)
        #expect(memory.contains("\"n2999\""))
        #expect(pipeline.lost == 0)
    }

    @Test func countsWhatFindsNoRoomAndSaysSo() {
        let slow = Slow()
        let pipeline = EventPipeline(outputs: [slow], redactor: QueryRedactor(), queue: 16, clock: SystemClock())
        let sink = pipeline.local()
        // the writer is held up in its first write, so that the buffer fills behind it
        sink.emit(event("first"))
        slow.waitForWriter()
        for _ in 0..<100 { sink.emit(event("more")) }
        slow.goOn()
        pipeline.finish()
        #expect(pipeline.lost == 84)
        #expect(slow.memory.contains("events_lost"))
        #expect(slow.memory.contains("\"count\":\"84\""))
    }

    private final class Slow: EventOutput {
        let memory = Memory()
        private let state = Mutex((isWriting: false, mayGoOn: false))

        func write(_ lines: [UInt8]) {
            state.withLock { $0.isWriting = true }
            while !state.withLock({ $0.mayGoOn }) {}
            memory.write(lines)
        }

        func close() {}
        func waitForWriter() { while !state.withLock({ $0.isWriting }) {} }
        func goOn() { state.withLock { $0.mayGoOn = true } }
    }

    private func event(_ name: String) -> Event {
        .system(SystemRecord(time: 0, component: "c", name: name, severity: .low, message: ""))
    }
}
