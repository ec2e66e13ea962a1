/// Resolves the names of a schema: own namespace first, then the empty one; a common type before an entity type.
struct SchemaResolver {
    private struct Common {
        let type: TypeExpression
        let namespace: String?
    }

    private let fragment: SchemaFragment
    private let limits: CedarLimits
    private var commonTypes: [Text: Common] = [:]
    private var entityNames: Set<Text> = []
    private var actionNames: Set<EntityUID> = []
    private var resolved: [Text: Measured] = [:]
    private var open: Set<Text> = []

    /// A type with its size, so that types built of types cannot grow without limit.
    private struct Measured {
        var type: CedarType
        var size = 1
        var depth = 1
    }

    private static let maximumSize = 1_000_000

    init(_ fragment: SchemaFragment, limits: CedarLimits) throws(CedarError) {
        self.fragment = fragment
        self.limits = limits
        collect()
        try checkShadowing()
        addBuiltIns()
    }

    mutating func schema() throws(CedarError) -> Schema {
        for name in commonTypes.keys.sorted() { _ = try common(name) }
        var types: [Text: Schema.EntityType] = [:]
        var children: [Text: Set<Text>] = [:]
        for (namespace, definition) in fragment.namespaces {
            for (name, declaration) in definition.entityTypes.sorted(by: { $0.key < $1.key }) {
                let name = Self.qualify(name.string, namespace)
                types[name] = try entityType(name, declaration, namespace, &children)
            }
        }
        var actions: [EntityUID: Schema.Action] = [:]
        var actionChildren: [EntityUID: Set<EntityUID>] = [:]
        for (namespace, definition) in fragment.namespaces {
            for (id, declaration) in definition.actions.sorted(by: { $0.key < $1.key }) {
                let uid = EntityUID(type: Self.qualify("Action", namespace), id: id)
                actions[uid] = try action(uid, declaration, namespace, &actionChildren)
            }
        }
        let descendants = Self.closure(children)
        for name in types.keys { types[name]?.descendants = descendants[name] ?? [] }
        let below = Self.closure(actionChildren)
        for uid in actions.keys {
            actions[uid]?.descendants = below[uid] ?? []
            if below[uid]?.contains(uid) == true { throw CedarError(.schema, "action `\(uid)` is a member of itself") }
        }
        return Schema(entityTypes: types, actions: actions)
    }

    // MARK: Names

    private mutating func collect() {
        for (namespace, definition) in fragment.namespaces {
            for name in definition.entityTypes.keys { entityNames.insert(Self.qualify(name.string, namespace)) }
            for (name, declaration) in definition.commonTypes {
                commonTypes[Self.qualify(name.string, namespace)] = Common(type: declaration.type, namespace: namespace)
            }
            for id in definition.actions.keys {
                actionNames.insert(EntityUID(type: Self.qualify("Action", namespace), id: id))
            }
        }
    }

    /// A name in a namespace must not hide one of the empty namespace (RFC 70).
    private func checkShadowing() throws(CedarError) {
        for (namespace, definition) in fragment.namespaces {
            if definition.entityTypes["Action"] != nil {
                throw CedarError(.schema, "`Action` is reserved and cannot be an entity type")
            }
            guard let namespace, let empty = fragment[nil] else { continue }
            for name in Array(definition.entityTypes.keys) + Array(definition.commonTypes.keys)
            where empty.entityTypes[name] != nil || empty.commonTypes[name] != nil {
                throw CedarError(.schema, "`\(namespace)::\(name)` hides `\(name)` of the empty namespace")
            }
            for id in definition.actions.keys where empty.actions[id] != nil {
                throw CedarError(.schema, "`\(namespace)::Action::\(id.quoted)` hides `Action::\(id.quoted)`")
            }
        }
    }

    private mutating func addBuiltIns() {
        let primitives: [(String, TypeExpression)] = [("Bool", .bool), ("Long", .long), ("String", .string)]
        let extensions = ExtensionType.extensions.map { ($0.rawValue, TypeExpression.extension($0.rawValue)) }
        for (name, type) in primitives + extensions {
            commonTypes[Text("__cedar::" + name)] = Common(type: type, namespace: nil)
            if !entityNames.contains(Text(name)) && commonTypes[Text(name)] == nil {
                commonTypes[Text(name)] = Common(type: type, namespace: nil)
            }
        }
        entityNames.formUnion(actionNames.map(\.type))
    }

    private static func qualify(_ name: String, _ namespace: String?) -> Text {
        Text(namespace.map { "\($0)::\(name)" } ?? name)
    }

    /// What a name can mean, best first.
    private static func possibilities(_ name: String, _ namespace: String?) -> [Text] {
        name.contains("::") || namespace == nil ? [Text(name)] : [qualify(name, namespace), Text(name)]
    }

    private func entityName(_ name: String, _ namespace: String?) throws(CedarError) -> Text {
        for candidate in Self.possibilities(name, namespace) where entityNames.contains(candidate) { return candidate }
        throw CedarError(.schema, "`\(name)` has not been declared as an entity type")
    }

    private func entityNames(_ names: [String], _ namespace: String?) throws(CedarError) -> [Text] {
        var result: [Text] = []
        for name in names {
            let resolved = try entityName(name, namespace)
            if !result.contains(resolved) { result.append(resolved) }
        }
        return result
    }
}

// MARK: Declarations

extension SchemaResolver {
    private mutating func entityType(
        _ name: Text, _ declaration: EntityTypeDeclaration, _ namespace: String?, _ children: inout [Text: Set<Text>]
    ) throws(CedarError) -> Schema.EntityType {
        switch declaration.kind {
        case .enumeration(let choices):
            return Schema.EntityType(name: name, choices: choices, attributes: [:], tags: nil, descendants: [])
        case .standard(let parents, let shape, let tags):
            for parent in try entityNames(parents, namespace) { children[parent, default: []].insert(name) }
            guard case .record(let record) = try resolve(shape, namespace, 0).type else {
                throw CedarError(.schema, "the shape of entity type `\(name)` is no record")
            }
            let tags = try tags.map { (tags) throws(CedarError) in try resolve(tags, namespace, 0).type }
            return Schema.EntityType(
                name: name, choices: nil, attributes: record.attributes, tags: tags, descendants: [])
        }
    }

    private mutating func action(
        _ uid: EntityUID, _ declaration: ActionDeclaration, _ namespace: String?,
        _ children: inout [EntityUID: Set<EntityUID>]
    ) throws(CedarError) -> Schema.Action {
        for parent in declaration.parents ?? [] {
            let candidates = Self.possibilities(parent.type ?? "Action", namespace)
                .map { EntityUID(type: $0, id: parent.id) }
            guard let found = candidates.first(where: actionNames.contains) else {
                throw CedarError(.schema, "action `\(candidates[0])` has not been declared")
            }
            children[found, default: []].insert(uid)
        }
        let applies = declaration.appliesTo
        guard case .record(let context) = try resolve(applies?.context ?? .emptyRecord, namespace, 0).type else {
            throw CedarError(.schema, "the context of action `\(uid)` is no record")
        }
        let principals = try entityNames(applies?.principals ?? [], namespace)
        let resources = try entityNames(applies?.resources ?? [], namespace)
        for type in principals + resources where Identifiers.isActionType(type) {
            throw CedarError(.schema, "`\(type)` has not been declared as an entity type")
        }
        return Schema.Action(
            uid: uid, principals: principals, resources: resources, context: context, descendants: [])
    }

    private static func closure<Name: Hashable>(_ children: [Name: Set<Name>]) -> [Name: Set<Name>] {
        var result: [Name: Set<Name>] = [:]
        for name in children.keys {
            var seen: Set<Name> = []
            var stack = Array(children[name] ?? [])
            while let next = stack.popLast() {
                if seen.insert(next).inserted { stack += children[next] ?? [] }
            }
            result[name] = seen
        }
        return result
    }
}

// MARK: Types

extension SchemaResolver {
    private mutating func common(_ name: Text) throws(CedarError) -> Measured {
        if let done = resolved[name] { return done }
        guard let common = commonTypes[name] else { throw CedarError(.schema, "`\(name)` has not been declared as a type") }
        guard open.insert(name).inserted else { throw CedarError(.schema, "the definition of type `\(name)` needs itself") }
        defer { open.remove(name) }
        guard open.count <= limits.typeDepth else {
            throw CedarError(.limit, "types that need types deeper than \(limits.typeDepth)")
        }
        let measured = try resolve(common.type, common.namespace, 0)
        resolved[name] = measured
        return measured
    }

    private mutating func resolve(
        _ type: TypeExpression, _ namespace: String?, _ depth: Int
    ) throws(CedarError) -> Measured {
        guard depth <= limits.typeDepth else { throw CedarError(.limit, "types nested deeper than \(limits.typeDepth)") }
        switch type {
        case .bool: return Measured(type: .bool)
        case .long: return Measured(type: .long)
        case .string: return Measured(type: .string)
        case .set(let element):
            let element = try resolve(element, namespace, depth + 1)
            return try checked(Measured(type: .set(element.type), size: element.size + 1, depth: element.depth + 1))
        case .record(let attributes):
            var result = Measured(type: .never)
            var types: [Text: AttributeType] = [:]
            for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) {
                let measured = try resolve(attribute.type, namespace, depth + 1)
                result.size += measured.size
                result.depth = max(result.depth, measured.depth + 1)
                types[name] = AttributeType(type: measured.type, isRequired: attribute.isRequired)
            }
            result.type = .record(RecordType(attributes: types))
            return try checked(result)
        case .entity(let name): return Measured(type: .entity(try entityName(name, namespace)))
        case .extension(let name):
            guard let known = ExtensionType.extensions.first(where: { $0.rawValue == name }) else {
                throw CedarError(.schema, "`\(name)` is no extension type")
            }
            return Measured(type: .extension(known))
        case .entityOrCommon(let name):
            for candidate in Self.possibilities(name, namespace) {
                if commonTypes[candidate] != nil { return try common(candidate) }
                if entityNames.contains(candidate) { return Measured(type: .entity(candidate)) }
            }
            throw CedarError(.schema, "`\(name)` has not been declared as a type")
        case .common(let name):
            for candidate in Self.possibilities(name, namespace) where commonTypes[candidate] != nil {
                return try common(candidate)
            }
            throw CedarError(.schema, "`\(name)` has not been declared as a common type")
        }
    }

    private func checked(_ type: Measured) throws(CedarError) -> Measured {
        guard type.size <= Self.maximumSize, type.depth <= limits.typeDepth else {
            throw CedarError(.limit, "a type with more than \(Self.maximumSize) parts or deeper than \(limits.typeDepth)")
        }
        return type
    }
}
