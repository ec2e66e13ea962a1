internal import Dispatch
internal import Foundation

/// Signals of the system as a sequence; what they do by default is switched off.
///
/// Unchecked, because the sources are only kept alive here and never touched again.
final class SignalStream: @unchecked Sendable {
    /// The signals as they come.
    let signals: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    init(_ numbers: [Int32]) {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        signals = stream
        sources = numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
        signal(SIGPIPE, SIG_IGN)
    }
}
