/// A schema with every name resolved: what entities, actions and requests there may be.
public struct Schema: Sendable {
    struct EntityType: Sendable {
        let name: Text
        /// Nil for standard types; the only ids of an enumerated one.
        let choices: [Text]?
        let attributes: [Text: AttributeType]
        let tags: CedarType?
        /// Types whose entities may be below entities of this type.
        var descendants: Set<Text>
    }

    struct Action: Sendable {
        let uid: EntityUID
        let principals: [Text]
        let resources: [Text]
        let context: RecordType
        /// Actions below this one.
        var descendants: Set<EntityUID>
    }

    /// What a request can consist of by type.
    struct RequestEnvironment: Sendable {
        let principal: Text
        let action: EntityUID
        let resource: Text
        let context: RecordType
    }

    let entityTypes: [Text: EntityType]
    let actions: [EntityUID: Action]
    /// In a stable order.
    let environments: [RequestEnvironment]
    /// The types that may be above a type.
    private let parentTypes: [Text: Set<Text>]

    init(entityTypes: [Text: EntityType], actions: [EntityUID: Action]) {
        self.entityTypes = entityTypes
        self.actions = actions
        environments = actions.values.sorted { $0.uid < $1.uid }.flatMap { action in
            action.principals.flatMap { principal in
                action.resources.map { resource in
                    RequestEnvironment(
                        principal: principal, action: action.uid, resource: resource, context: action.context)
                }
            }
        }
        var parents: [Text: Set<Text>] = [:]
        for type in entityTypes.values {
            for descendant in type.descendants { parents[descendant, default: []].insert(type.name) }
        }
        parentTypes = parents
    }

    /// Reads a schema in either form: what begins with `{` is JSON.
    ///
    /// - Throws: ``CedarError`` with the code `schema`, or `limit`.
    public init(parsing bytes: [UInt8], limits: CedarLimits = CedarLimits()) throws(CedarError) {
        try self.init(SchemaFragment(parsingEither: bytes, limits: limits), limits: limits)
    }

    /// Resolves the names of a schema and checks that it holds together.
    ///
    /// - Throws: ``CedarError`` with the code `schema`, or `limit`.
    public init(_ fragment: SchemaFragment, limits: CedarLimits = CedarLimits()) throws(CedarError) {
        var resolver = try SchemaResolver(fragment, limits: limits)
        self = try resolver.schema()
    }

    func isKnown(_ type: Text) -> Bool { Identifiers.isActionType(type) || entityTypes[type] != nil }

    func parentTypes(of type: Text) -> Set<Text> { parentTypes[type] ?? [] }

    /// The type and those whose entities may be below its entities.
    func typesIn(_ type: Text) -> Set<Text> { (entityTypes[type]?.descendants ?? []).union([type]) }

    /// The schema's actions as entities, each with all its ancestors as parents.
    public var actionEntities: [Entity] {
        var ancestors: [EntityUID: [EntityUID]] = [:]
        for action in actions.values {
            for descendant in action.descendants { ancestors[descendant, default: []].append(action.uid) }
        }
        return actions.keys.map { Entity(uid: $0, parents: ancestors[$0] ?? []) }
    }

    /// The names of the declared actions in order.
    public var actionNames: [EntityUID] { actions.keys.sorted() }
    /// The names of the declared entity types in order.
    public var entityTypeNames: [Text] { entityTypes.keys.sorted() }
    /// The ids of an enumerated entity type; nil for the others.
    public func choices(of type: Text) -> [Text]? { entityTypes[type]?.choices }
    /// The types of principals and resources that an action applies to; nil where it is not declared.
    public func appliesTo(_ action: EntityUID) -> (principals: [Text], resources: [Text])? {
        actions[action].map { ($0.principals, $0.resources) }
    }

    /// What the context of an action holds, by name; nil where the action is not declared.
    package func contextAttributes(of action: EntityUID) -> [Text: AttributeType]? { actions[action]?.context.attributes }
    /// What entities of a type hold, by name; nil where the type is not declared.
    package func attributes(of type: Text) -> [Text: AttributeType]? { entityTypes[type]?.attributes }
    /// True where entities of a type may be below entities of another.
    package func mayBeBelow(_ type: Text, _ ancestor: Text) -> Bool { parentTypes(of: type).contains(ancestor) }
}
