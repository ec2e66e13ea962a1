/// A secret value that no printing, interpolation, dump or mirror shows.
///
/// Reading it takes the word `reveal`, so that each use can be found by a search. Two are equal when their values are.
public struct Redacted<Value: Sendable>: Sendable {
    private let value: Value

    /// Wraps a secret.
    public init(_ value: Value) { self.value = value }

    /// The secret itself, for the one call that needs it.
    public func reveal() -> Value { value }

    /// The secret mapped inside its wrapper.
    public func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Redacted<Other> { Redacted<Other>(try transform(value)) }
}

extension Redacted: Equatable where Value: Equatable {}
extension Redacted: Hashable where Value: Hashable {}

extension Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `[redacted]`.
    public var description: String { "[redacted]" }
    /// Always `[redacted]`.
    public var debugDescription: String { description }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
