/// Whether a satisfied policy allows or denies.
public enum Effect: String, Sendable, Hashable {
    case permit, forbid
}

/// An entity or the slot that a link fills with one.
public enum EntityReference: Sendable, Hashable {
    case entity(EntityUID)
    case slot
}

/// What the scope demands of the principal or the resource.
public enum ScopeConstraint: Sendable, Hashable {
    case any
    case equal(EntityReference)
    case `in`(EntityReference)
    case isType(Text)
    case isTypeIn(Text, EntityReference)

    var reference: EntityReference? {
        switch self {
        case .any, .isType: nil
        case .equal(let reference), .in(let reference), .isTypeIn(_, let reference): reference
        }
    }

    var hasSlot: Bool { reference == .slot }

    /// The constraint with its slot filled.
    func filled(with uid: EntityUID?) -> ScopeConstraint {
        guard let uid, hasSlot else { return self }
        return switch self {
        case .equal: .equal(.entity(uid))
        case .in: .in(.entity(uid))
        case .isTypeIn(let type, _): .isTypeIn(type, .entity(uid))
        default: self
        }
    }
}

/// What the scope demands of the action.
public enum ActionConstraint: Sendable, Hashable {
    case any
    case equal(EntityUID)
    /// Any of the list or below it; an empty list admits nothing.
    case `in`([EntityUID])

    var entities: [EntityUID] {
        switch self {
        case .any: []
        case .equal(let uid): [uid]
        case .in(let list): list
        }
    }
}

/// A `when` or `unless` clause.
public struct Condition: Sendable {
    /// True for `when`, false for `unless`.
    public let isWhen: Bool
    /// What must hold, or must not.
    public let body: Expression

    /// A clause.
    public init(isWhen: Bool, body: Expression) {
        self.isWhen = isWhen
        self.body = body
    }
}

/// The body of a policy or a template.
public struct Policy: Sendable {
    /// In the order of the text; the value of a bare annotation is nil and counts as the empty string.
    public let annotations: [(key: String, value: Text?)]
    /// Permit or forbid.
    public let effect: Effect
    /// Whom it is about.
    public let principal: ScopeConstraint
    /// Which actions it is about.
    public let action: ActionConstraint
    /// Which resources it is about.
    public let resource: ScopeConstraint
    /// The `when` and `unless` clauses, in order.
    public let conditions: [Condition]
    /// The text it was read from and where; nil for JSON.
    let source: Source?

    struct Source: Sendable {
        let text: SourceText
        let span: Range<Int>
    }

    init(
        annotations: [(key: String, value: Text?)] = [], effect: Effect, principal: ScopeConstraint,
        action: ActionConstraint, resource: ScopeConstraint, conditions: [Condition], source: Source? = nil
    ) {
        self.annotations = annotations
        self.effect = effect
        self.principal = principal
        self.action = action
        self.resource = resource
        self.conditions = conditions
        self.source = source
    }

    /// Expressions inside each other, at most.
    var depth: Int { conditions.reduce(0) { max($0, $1.body.depth) } }

    /// The slots that a link must fill; a policy without any is static.
    public var slots: Set<Slot> {
        var slots: Set<Slot> = []
        if principal.hasSlot { slots.insert(.principal) }
        if resource.hasSlot { slots.insert(.resource) }
        return slots
    }

    /// The value of an annotation, nil where it does not stand there.
    public func annotation(_ key: String) -> Text? {
        annotations.first { $0.key == key }.map { $0.value ?? "" }
    }

    /// Where the policy begins in its text.
    public var position: SourcePosition? { source.map { $0.text.position(of: $0.span.lowerBound) } }

    /// Where an expression of the policy begins in its text.
    func position(of expression: Expression) -> SourcePosition? {
        guard let source, !expression.span.isEmpty else { return position }
        return source.text.position(of: expression.span.lowerBound)
    }

    /// The text of an expression as it was written, printed anew where the policy came from JSON.
    func text(of expression: Expression) -> String {
        guard let source, !expression.span.isEmpty else { return ExpressionPrinter.text(of: expression) }
        return source.text.slice(expression.span)
    }
}

/// Policy text shared by the policies that were read from it.
final class SourceText: Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func position(of offset: Int) -> SourcePosition { SourcePosition(offset: offset, in: bytes) }
    func slice(_ span: Range<Int>) -> String { String(decoding: bytes[span], as: UTF8.self) }
}
