public import GatehouseCore
internal import Synchronization

/// Keeps every event for a test to look at.
public final class EventRecorder: EventSink {
    private let kept = Mutex<[Event]>([])

    /// An empty recorder.
    public init() {}

    /// Keeps an event.
    public func emit(_ event: Event) { kept.withLock { $0.append(event) } }

    /// All events, in order.
    public var events: [Event] { kept.withLock { $0 } }

    /// The decisions among the events, in order.
    public var decisions: [Decision] {
        events.compactMap { if case .decision(let record) = $0 { record.decision } else { nil } }
    }

    /// The requests that came to their end, in order.
    public var requests: [RequestRecord] {
        events.compactMap { if case .request(let record) = $0 { record } else { nil } }
    }

    /// The rules of all decisions, in order.
    public var rules: [String] { decisions.map(\.rule) }
}
