public import GatehouseCore
internal import Synchronization

/// Where requests of one kind go and which guards watch them; made once when a configuration is loaded.
public final class Route: Sendable {
    /// The service's name; empty for the route of requests that match none.
    public let service: String
    /// The route's name: its path pattern.
    public let name: String
    /// The guards that are not off, in the order of the request's life, with their modes.
    public let guards: [Placement]
    /// Longest request body in bytes that is passed on.
    public let bodyLimit: Int
    private let guardsByPhase: [[Placement]]

    /// A guard and what it may do here.
    public final class Placement: Sendable {
        /// The guard.
        public let value: any Guard
        /// `enforce` or `report`.
        public let mode: GuardMode
        /// The phases it wants.
        public let phases: GuardPhases

        /// Places a guard on a route.
        public init(_ value: any Guard, mode: GuardMode) {
            self.value = value
            self.mode = mode
            phases = value.phases
        }
    }

    /// Makes a route; guards that are off are left out.
    public init(service: String, name: String, guards: [Placement], bodyLimit: Int) {
        self.service = service
        self.name = name
        self.guards = guards.filter { $0.mode != .off }
        self.bodyLimit = bodyLimit
        let kept = self.guards
        guardsByPhase = (0..<8).map { bit in kept.filter { $0.phases.contains(GuardPhases(rawValue: 1 << bit)) } }
    }
}

extension Route {
    /// The guards that want to be asked in one phase, in order.
    func guards(in phase: GuardPhases) -> [Placement] { guardsByPhase[phase.rawValue.trailingZeroBitCount] }
}

/// A place where a guard keeps its state of one exchange. Made once, when the guard is made.
public struct GuardSlot<Value>: Sendable {
    let index: Int

    /// The slot of this type and name: the same one for every guard that asks for it, so that reloads need no new ones.
    public init(_ name: String = "") { index = SlotNumbers.number(of: "\(Value.self) \(name)") }
}

private enum SlotNumbers {
    private static let numbers = Mutex<[String: Int]>([:])

    static func number(of name: String) -> Int {
        numbers.withLock { numbers in
            if let number = numbers[name] { return number }
            numbers[name] = numbers.count
            return numbers.count - 1
        }
    }
}
