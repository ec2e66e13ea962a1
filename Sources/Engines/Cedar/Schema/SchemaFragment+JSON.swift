public import StrictJSON

extension SchemaFragment {
    /// Reads a schema in the JSON format.
    ///
    /// - Throws: ``CedarError`` with the code `schema`, or `limit`.
    public init(parsingJSON bytes: [UInt8], limits: CedarLimits = CedarLimits()) throws(CedarError) {
        let reader = SchemaJSONReader()
        self = try reader.fragment(reader.read.document(bytes, limits).root)
    }

    /// Reads a schema in Cedar syntax.
    ///
    /// - Throws: ``CedarError`` with line and column.
    public init(parsing bytes: [UInt8], limits: CedarLimits = CedarLimits()) throws(CedarError) {
        var parser = try SchemaParser(bytes, limits: limits)
        self = try parser.schema()
    }

    /// Reads a schema in either form: what begins with `{` is JSON.
    public init(parsingEither bytes: [UInt8], limits: CedarLimits = CedarLimits()) throws(CedarError) {
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if first == UInt8(ascii: "{") {
            try self.init(parsingJSON: bytes, limits: limits)
        } else {
            try self.init(parsing: bytes, limits: limits)
        }
    }
}

/// Reads the JSON format of schemas.
private struct SchemaJSONReader {
    let read = JSONReading(code: .schema)

    func fragment(_ root: JSONNode) throws(CedarError) -> SchemaFragment {
        var fragment = SchemaFragment()
        for member in try read.object(root, "a schema").members {
            let name = member.name
            guard name.isEmpty || Identifiers.isTypeName(name) else {
                throw read.failure("`\(name)` cannot be a namespace", member.value)
            }
            _ = fragment.insert(try namespace(member.value), for: name.isEmpty ? nil : name)
        }
        return fragment
    }

    private func namespace(_ node: JSONNode) throws(CedarError) -> NamespaceDefinition {
        try read.onlyKeys(try read.object(node, "a namespace"), ["commonTypes", "entityTypes", "actions", "annotations"], "a namespace")
        var definition = NamespaceDefinition()
        definition.annotations = try annotations(node["annotations"])
        if let types = node["commonTypes"] {
            for member in try read.object(types, "`commonTypes`").members {
                let position = member.position
                try SchemaParser.check(
                    commonType: member.name, at: SourcePosition(line: position.line, column: position.column))
                let annotations = try annotations(member.value["annotations"])
                definition.commonTypes[Text(member.name)] = CommonTypeDeclaration(
                    annotations: annotations, type: try type(member.value, beside: ["annotations"]))
            }
        }
        for member in try read.object(try read.member(node, "entityTypes", "a namespace"), "`entityTypes`").members {
            guard Identifiers.isIdentifier(member.name) else {
                throw read.failure("`\(member.name)` cannot be an entity type", member.value)
            }
            definition.entityTypes[Text(member.name)] = try entityType(member.value)
        }
        for member in try read.object(try read.member(node, "actions", "a namespace"), "`actions`").members {
            definition.actions[Text(member.name)] = try action(member.value)
        }
        return definition
    }

    private func annotations(_ node: JSONNode?) throws(CedarError) -> SchemaAnnotations {
        var annotations = SchemaAnnotations()
        guard let node else { return annotations }
        for member in try read.object(node, "`annotations`").members {
            guard Identifiers.isIdentifierShaped(member.name) else {
                throw read.failure("`\(member.name)` cannot be an annotation", member.value)
            }
            let value = member.value.isNull ? nil : Text(try read.string(member.value, "an annotation"))
            annotations.values.updateValue(value, forKey: Text(member.name))
        }
        return annotations
    }

    private func entityType(_ node: JSONNode) throws(CedarError) -> EntityTypeDeclaration {
        try read.onlyKeys(
            try read.object(node, "an entity type"), ["memberOfTypes", "shape", "tags", "enum", "annotations"], "an entity type")
        let annotations = try annotations(node["annotations"])
        if let choices = node["enum"] {
            try read.onlyKeys(node, ["enum", "annotations"], "an enumerated entity type")
            var ids: [Text] = []
            for choice in try read.array(choices, "`enum`") { ids.append(Text(try read.string(choice, "an id"))) }
            guard !ids.isEmpty else { throw read.failure("`enum` must not be empty", choices) }
            return EntityTypeDeclaration(annotations: annotations, kind: .enumeration(ids))
        }
        let parents = try node["memberOfTypes"].map { (list) throws(CedarError) in try names(list) } ?? []
        let shape = try node["shape"].map { (shape) throws(CedarError) in try type(shape) } ?? .emptyRecord
        let tags = try node["tags"].map { (tags) throws(CedarError) in try type(tags) }
        return EntityTypeDeclaration(
            annotations: annotations, kind: .standard(parents: parents, shape: shape, tags: tags))
    }

    private func action(_ node: JSONNode) throws(CedarError) -> ActionDeclaration {
        try read.onlyKeys(
            try read.object(node, "an action"), ["attributes", "appliesTo", "memberOf", "annotations"], "an action")
        if let attributes = node["attributes"], !attributes.isNull {
            throw read.failure("actions cannot have attributes", attributes)
        }
        var declaration = ActionDeclaration(annotations: try annotations(node["annotations"]))
        if let parents = node["memberOf"], !parents.isNull {
            var list: [ActionDeclaration.Parent] = []
            for parent in try read.array(parents, "`memberOf`") {
                try read.onlyKeys(try read.object(parent, "a parent"), ["id", "type"], "a parent")
                let id = Text(try read.string(try read.member(parent, "id", "a parent"), "`id`"))
                let type = try parent["type"].map { (type) throws(CedarError) in try name(type) }
                list.append(ActionDeclaration.Parent(id: id, type: type))
            }
            declaration.parents = list
        }
        if let applies = node["appliesTo"], !applies.isNull { declaration.appliesTo = try appliesTo(applies) }
        return declaration
    }

    private func appliesTo(_ node: JSONNode) throws(CedarError) -> ActionDeclaration.AppliesTo {
        try read.onlyKeys(
            try read.object(node, "`appliesTo`"), ["principalTypes", "resourceTypes", "context"], "`appliesTo`")
        let principals = try names(try read.member(node, "principalTypes", "`appliesTo`"))
        let resources = try names(try read.member(node, "resourceTypes", "`appliesTo`"))
        let context = try node["context"].map { (context) throws(CedarError) in try type(context) } ?? .emptyRecord
        return ActionDeclaration.AppliesTo(principals: principals, resources: resources, context: context)
    }

    private func names(_ node: JSONNode) throws(CedarError) -> [String] {
        var names: [String] = []
        for element in try read.array(node, "a list of types") { names.append(try name(element)) }
        return names
    }

    private func name(_ node: JSONNode) throws(CedarError) -> String {
        let text = try read.string(node, "a type's name")
        guard Identifiers.components(of: text).allSatisfy(Identifiers.isPlainKey) else {
            throw read.failure("`\(text)` is no name", node)
        }
        return text
    }

    /// A type object; `beside` lists keys that its owner reads.
    private func type(_ node: JSONNode, beside: [String] = []) throws(CedarError) -> TypeExpression {
        let kind = try read.string(try read.member(try read.object(node, "a type"), "type", "a type"), "`type`")
        func only(_ keys: String...) throws(CedarError) { try read.onlyKeys(node, keys + beside + ["type"], "this type") }
        switch kind {
        case "String", "Long", "Boolean":
            try only()
            return kind == "String" ? .string : kind == "Long" ? .long : .bool
        case "Set":
            try only("element")
            return .set(try type(try read.member(node, "element", "a set type")))
        case "Record":
            try only("attributes", "additionalAttributes")
            if let open = node["additionalAttributes"], open.bool != false {
                throw read.failure("records with additional attributes are not supported", open)
            }
            return .record(try attributes(try read.member(node, "attributes", "a record type")))
        case "Entity", "EntityOrCommon":
            try only("name")
            let name = try name(try read.member(node, "name", "this type"))
            return kind == "Entity" ? .entity(name) : .entityOrCommon(name)
        case "Extension":
            try only("name")
            return .extension(try name(try read.member(node, "name", "this type")))
        default:
            try only()
            return .common(try name(try read.member(node, "type", "a type")))
        }
    }

    private func attributes(_ node: JSONNode) throws(CedarError) -> [Text: AttributeDeclaration] {
        var attributes: [Text: AttributeDeclaration] = [:]
        for member in try read.object(node, "`attributes`").members {
            let required = member.value["required"]
            if let required, required.bool == nil { throw read.failure("`required` must be true or false", required) }
            let annotations = try annotations(member.value["annotations"])
            attributes[Text(member.name)] = AttributeDeclaration(
                annotations: annotations, type: try type(member.value, beside: ["required", "annotations"]),
                isRequired: required?.bool ?? true)
        }
        return attributes
    }
}

// MARK: Writing

extension SchemaFragment {
    /// The schema in the JSON format.
    public var json: JSONValue {
        .object(JSONObject(namespaces.map { ($0.name ?? "", $0.definition.json) }))
    }
}

extension NamespaceDefinition {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        if !commonTypes.isEmpty {
            object["commonTypes"] = Self.sorted(commonTypes) { $0.type.json(adding: $0.annotations.members) }
        }
        object["entityTypes"] = Self.sorted(entityTypes) { $0.json }
        object["actions"] = Self.sorted(actions) { $0.json }
        for (key, value) in annotations.members { object[key] = value }
        return .object(object)
    }

    fileprivate static func sorted<Item>(_ items: [Text: Item], _ json: (Item) -> JSONValue) -> JSONValue {
        .object(JSONObject(items.sorted { $0.key < $1.key }.map { ($0.key.string, json($0.value)) }))
    }
}

extension SchemaAnnotations {
    /// The member `annotations`, where there are any.
    fileprivate var members: [(String, JSONValue)] {
        guard !isEmpty else { return [] }
        let pairs = sorted.map { ($0.key.string, $0.value.map { JSONValue.string($0.string) } ?? .null) }
        return [("annotations", .object(JSONObject(pairs)))]
    }
}

extension EntityTypeDeclaration {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        switch kind {
        case .enumeration(let choices): object["enum"] = .array(choices.map { .string($0.string) })
        case .standard(let parents, let shape, let tags):
            if !parents.isEmpty { object["memberOfTypes"] = .array(parents.map(JSONValue.string)) }
            if !shape.isEmptyRecord { object["shape"] = shape.json() }
            object["tags"] = tags?.json()
        }
        for (key, value) in annotations.members { object[key] = value }
        return .object(object)
    }
}

extension ActionDeclaration {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        if let appliesTo {
            object["appliesTo"] = [
                "resourceTypes": .array(appliesTo.resources.map(JSONValue.string)),
                "principalTypes": .array(appliesTo.principals.map(JSONValue.string)),
            ]
            if !appliesTo.context.isEmptyRecord, case .object(var members)? = object["appliesTo"] {
                members["context"] = appliesTo.context.json()
                object["appliesTo"] = .object(members)
            }
        }
        object["memberOf"] = parents.map { list in
            .array(
                list.map { parent in
                    var members = JSONObject([("id", .string(parent.id.string))])
                    members["type"] = parent.type.map(JSONValue.string)
                    return .object(members)
                })
        }
        for (key, value) in annotations.members { object[key] = value }
        return .object(object)
    }
}

extension TypeExpression {
    fileprivate func json(adding members: [(String, JSONValue)] = []) -> JSONValue {
        var object = JSONObject()
        switch self {
        case .bool: object["type"] = "Boolean"
        case .long: object["type"] = "Long"
        case .string: object["type"] = "String"
        case .set(let element):
            object["type"] = "Set"
            object["element"] = element.json()
        case .record(let attributes):
            object["type"] = "Record"
            object["attributes"] = NamespaceDefinition.sorted(attributes) { attribute in
                attribute.type.json(
                    adding: attribute.annotations.members + (attribute.isRequired ? [] : [("required", false)]))
            }
        case .entity(let name), .extension(let name), .entityOrCommon(let name):
            object["type"] = kindName
            object["name"] = .string(name)
        case .common(let name): object["type"] = .string(name)
        }
        for (key, value) in members { object[key] = value }
        return .object(object)
    }

    private var kindName: JSONValue {
        switch self {
        case .entity: "Entity"
        case .extension: "Extension"
        default: "EntityOrCommon"
        }
    }
}
