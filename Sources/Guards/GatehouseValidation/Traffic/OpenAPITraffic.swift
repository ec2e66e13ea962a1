public import GatehouseCore
public import OpenAPI
internal import Synchronization

/// What the traffic of one service uses of its document, what it uses beside it, and what was or would have been refused.
///
/// Documented and never used is a zombie, used and never documented is a shadow. Memory is bounded by ``OpenAPIInventory/Limits``.
public final class OpenAPITraffic: Sendable {
    /// The service.
    public let service: String
    /// The document's path.
    public let file: String
    /// `info.title`.
    public let title: String
    private let operations: [OpenAPIOperation]
    private let state: Mutex<State>

    private struct State {
        var inventory: OpenAPIInventory
        var counts = TrafficCounts()
    }

    init(_ validator: OpenAPIValidator, service: String, file: String) {
        self.service = service
        self.file = file
        title = validator.title
        operations = validator.operations
        state = Mutex(State(inventory: OpenAPIInventory(validator)))
    }

    /// Counts a judged request.
    ///
    /// - Parameter mode: what a refusal comes to.
    /// - Returns: what the document does not know and traffic has not shown before.
    func record(_ verdict: RequestVerdict, of head: RequestHead, _ mode: GuardMode) -> [UndocumentedItem] {
        state.withLock { state in
            state.counts.requests += 1
            if !verdict.isValid { state.counts.refusals[.init(.request, verdict.kind.name, mode), default: 0] += 1 }
            return state.inventory.news { $0.record(verdict, of: head) }
        }
    }

    /// Counts a judged answer.
    ///
    /// - Parameter counts: false for an answer that is broken and left to other guards.
    /// - Returns: what the document does not know and traffic has not shown before.
    func record(_ verdict: ResponseVerdict, of operation: OpenAPIOperation, _ mode: GuardMode, counts: Bool) -> [UndocumentedItem] {
        state.withLock { state in
            state.counts.responses += 1
            if !verdict.isValid, counts { state.counts.refusals[.init(.response, "responseMismatch", mode), default: 0] += 1 }
            guard !verdict.undocumented.isEmpty else { return [] }
            return state.inventory.news { $0.record(verdict, of: operation) }
        }
    }

    /// Counts a body that was longer than is looked into, in a mode that lets it pass.
    func countUnread() { state.withLock { $0.counts.unread += 1 } }

    /// Counts a request that was changed.
    func countSanitized() { state.withLock { $0.counts.sanitized += 1 } }

    /// Everything counted so far.
    public var snapshot: TrafficSnapshot {
        let (inventory, counts) = state.withLock { ($0.inventory, $0.counts) }
        return TrafficSnapshot(service: service, file: file, title: title, operations: operations, inventory: inventory, counts: counts)
    }

    /// The counts alone.
    public var counts: TrafficCounts { state.withLock { $0.counts } }
}

/// How much was judged and refused.
public struct TrafficCounts: Sendable, Equatable {
    /// Requests that were judged.
    public internal(set) var requests = 0
    /// Answers that were judged.
    public internal(set) var responses = 0
    /// Requests that were changed.
    public internal(set) var sanitized = 0
    /// Bodies that were too long to be looked into.
    public internal(set) var unread = 0
    /// Refusals by direction, verdict and mode.
    public internal(set) var refusals: [Refusal: Int] = [:]

    /// Nothing counted.
    public init() {}

    /// A kind of refusal.
    public struct Refusal: Sendable, Hashable {
        /// Which way the message went.
        public enum Direction: String, Sendable { case request, response }
        /// Which way the message went.
        public let direction: Direction
        /// The verdict's name.
        public let verdict: String
        /// `enforce` for those that were refused, `report` for those that would have been.
        public let mode: GuardMode

        init(_ direction: Direction, _ verdict: String, _ mode: GuardMode) {
            self.direction = direction
            self.verdict = verdict
            self.mode = mode
        }
    }

    /// How many messages `report` would have refused.
    public func reported(_ direction: Refusal.Direction) -> Int { sum(direction, .report) }
    /// How many messages were refused.
    public func refused(_ direction: Refusal.Direction) -> Int { sum(direction, .enforce) }

    private func sum(_ direction: Refusal.Direction, _ mode: GuardMode) -> Int {
        refusals.reduce(0) { $1.key.direction == direction && $1.key.mode == mode ? $0 + $1.value : $0 }
    }
}

/// What was counted of one service at one moment.
public struct TrafficSnapshot: Sendable {
    /// The service.
    public let service: String
    /// The document's path.
    public let file: String
    /// `info.title`.
    public let title: String
    /// The operations of the document.
    public let operations: [OpenAPIOperation]
    /// What is used, documented or not.
    public let inventory: OpenAPIInventory
    /// How much was judged and refused.
    public let counts: TrafficCounts
}
