/// Policies, templates and links under ids that are unique together.
public struct PolicySet: Sendable {
    /// A template with its slots filled.
    public struct Link: Sendable, Hashable {
        /// The id of the linked policy.
        public let id: String
        /// The id of the template.
        public let template: String
        /// What stands in the template's slots.
        public let values: [Slot: EntityUID]
    }

    /// The static policies in order.
    public private(set) var policies: [(id: String, policy: Policy)] = []
    /// The templates in order.
    public private(set) var templates: [(id: String, policy: Policy)] = []
    /// The links in order.
    public private(set) var links: [Link] = []
    private var ids: Set<Text> = []
    private var templatePlaces: [Text: Int] = [:]

    /// An empty set.
    public init() {}

    /// Reads Cedar text. The policies get the ids `policy0`, `policy1`, … by their place; an `@id` is an annotation
    /// like others.
    ///
    /// Refuses: everything outside Cedar 4.5, and what exceeds the limits.
    /// - Throws: ``CedarError`` with line and column.
    public init(parsing text: String, limits: CedarLimits = CedarLimits()) throws(CedarError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// Reads Cedar text as ``init(parsing:limits:)-(String,_)`` does.
    public init(parsing bytes: [UInt8], limits: CedarLimits = CedarLimits()) throws(CedarError) {
        let parser = try PolicyParser(bytes, limits: limits)
        self = try DeepStack.run(depth: try parser.nesting()) { () throws(CedarError) in
            var parser = parser
            let lowering = Lowering(source: SourceText(bytes), limits: limits)
            var set = PolicySet()
            for (index, syntax) in try parser.policies().enumerated() {
                try set.add(try lowering.policy(syntax), id: "policy\(index)")
            }
            return set
        }
    }

    /// Adds a policy, or a template where it has slots.
    ///
    /// - Throws: ``CedarError`` with the code `duplicate` where the id is taken.
    public mutating func add(_ policy: Policy, id: String) throws(CedarError) {
        try reserve(id)
        if policy.slots.isEmpty {
            policies.append((id, policy))
        } else {
            templatePlaces[Text(id)] = templates.count
            templates.append((id, policy))
        }
    }

    /// Links a template: fills every slot and gives the result an id of its own.
    ///
    /// - Throws: ``CedarError`` with the code `link` where the template is unknown, a slot is left open or a value has
    ///   no slot, and `duplicate` where the id is taken.
    public mutating func link(template: String, as id: String, values: [Slot: EntityUID]) throws(CedarError) {
        guard let policy = self.template(template) else {
            throw CedarError(.link, "there is no template `\(template)`")
        }
        let slots = policy.slots
        for slot in Slot.allCases where slots.contains(slot) != (values[slot] != nil) {
            throw CedarError(
                .link,
                slots.contains(slot)
                    ? "the slot `\(slot.rawValue)` of template `\(template)` has no value"
                    : "template `\(template)` has no slot `\(slot.rawValue)`")
        }
        try reserve(id)
        links.append(Link(id: id, template: template, values: values))
    }

    /// The template under an id.
    public func template(_ id: String) -> Policy? {
        templatePlaces[Text(id)].map { templates[$0].policy }
    }

    /// True when there is no policy.
    public var isEmpty: Bool { ids.isEmpty }
    /// Policies, templates and links together.
    public var count: Int { ids.count }

    /// Every policy that takes part in decisions: the static ones, then the links with their slots filled.
    public var linked: [(id: String, policy: Policy, template: String?)] {
        policies.map { ($0.id, $0.policy, nil) }
            + links.compactMap { link in
                template(link.template).map { (link.id, $0.linked(link.values), link.template) }
            }
    }

    private mutating func reserve(_ id: String) throws(CedarError) {
        guard ids.insert(Text(id)).inserted else {
            throw CedarError(.duplicate, "duplicate policy id `\(id)`")
        }
    }
}

extension Policy {
    /// The policy with its slots filled.
    func linked(_ values: [Slot: EntityUID]) -> Policy {
        Policy(
            annotations: annotations, effect: effect, principal: principal.filled(with: values[.principal]),
            action: action, resource: resource.filled(with: values[.resource]), conditions: conditions, source: source)
    }
}
