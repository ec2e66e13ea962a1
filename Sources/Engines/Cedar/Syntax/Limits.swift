/// What the readers of policies and schemas accept.
public struct CedarLimits: Sendable, Hashable {
    /// Bytes of one policy or schema text; 16 MiB.
    public var bytes = 16 << 20
    /// Expressions, types or JSON values inside each other; 400. Deep work runs on the caller's stack, which
    /// this depth leaves room on even at 512 KiB.
    public var depth = 400
    /// Operands of one chain such as `a && b && …`; 4,000.
    public var chain = 4_000
    /// Policies of one set, templates and links included; 1,000,000.
    public var policies = 1_000_000

    /// The defaults.
    public init() {}
}
