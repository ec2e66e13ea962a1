/// What the reader accepts. The defaults suit bodies of API requests from strangers.
public struct JSONLimits: Sendable, Hashable {
    /// Bytes of the whole text; 16 MiB. At most 1 GiB is honoured.
    public var bytes = 16 << 20
    /// Arrays and objects inside each other; 64.
    public var depth = 64
    /// Characters of one number; 256.
    public var numberLength = 256
    /// Bytes of one decoded string or key; 16 MiB.
    public var stringLength = 16 << 20
    /// Values in the whole text, containers included, keys not; one million.
    public var elements = 1_000_000
    /// Keys of one object; 10,000.
    public var keys = 10_000
    /// What happens to a key that stands twice in one object; refused.
    public var duplicateKeys = DuplicateKeys.refuse
    /// Whether numbers that a double reads as infinity are refused; true.
    public var refusesNumbersBeyondDouble = true

    /// The defaults.
    public init() {}

    /// Limits for documents that an operator wrote: 256 MiB, depth 512, sixteen million values, a million keys an object.
    public static var trusted: JSONLimits {
        var limits = JSONLimits()
        limits.bytes = 256 << 20
        limits.stringLength = 256 << 20
        limits.depth = 512
        limits.elements = 16_000_000
        limits.keys = 1_000_000
        return limits
    }

    /// What to do with equal keys in one object (RFC 8259 §4 leaves it open, which is the danger).
    public enum DuplicateKeys: Sendable, Hashable {
        /// Refuse the text with ``JSONError/Code/duplicateKey``.
        case refuse
        /// Keep every member in its order. A lookup by key finds the last one.
        case keep
    }
}
