/// What the readers of policies and schemas accept.
public struct CedarLimits: Sendable, Hashable {
    /// Bytes of one policy or schema text; 16 MiB.
    public var bytes = 16 << 20
    /// Expressions inside each other, and parentheses; 500. Deep work gets a stack of its own, so that callers get by
    /// with 512 KiB.
    public var depth = 500
    /// Types of a schema inside each other; 64.
    public var typeDepth = 64
    /// JSON values of entities and requests inside each other; 128.
    public var valueDepth = 128
    /// Operands of one chain such as `a && b && …`; 4,000.
    public var chain = 4_000
    /// Policies of one set, templates and links included; 1,000,000.
    public var policies = 1_000_000

    /// The defaults.
    public init() {}
}
