internal import Cedar
internal import GatehouseConfiguration
internal import GatehouseCore
internal import StrictJSON

/// What of a backend's answer the policies get to see, and what they may take away.
struct CompiledResponse: Sendable {
    struct Attribute: Sendable {
        let name: Text
        let type: CedarType
        let pointer: JSONPointer
    }

    struct Field: Sendable {
        let at: JSONPattern
        let action: EntityUID
        let context: ContextPlan
    }

    struct Items: Sendable {
        let at: JSONPattern
        let resource: ResourceTemplate
        let action: EntityUID
        let context: ContextPlan
        let attributes: [Attribute]
        let fields: [Field]
    }

    let attributes: [Attribute]
    let fields: [Field]
    let items: [Items]
    let limit: Int

    /// The names that the resource's entity gets from the answer.
    var unknown: Set<Text> { Set(attributes.map(\.name)) }

    /// Reads the rules of a route.
    init(
        _ rules: ResponseRules, action: EntityUID, resource: Text, compiler: RouteCompiler
    ) throws(AuthorizationFault) {
        attributes = try Self.attributes(rules.attributes, of: resource, compiler.schema)
        fields = try Self.fields(rules.fields, on: resource, compiler)
        var items: [Items] = []
        for rule in rules.items {
            let template = try ResourceTemplate(rule.resource, names: compiler.names)
            for place in template.places { _ = try Self.pointer(place) }
            let own = rule.action.isEmpty ? action : EntityUID(type: compiler.names.action, id: Text(rule.action))
            items.append(
                Items(
                    at: try JSONPattern(rule.at), resource: template, action: own, context: try compiler.check(own, template.type),
                    attributes: try Self.attributes(rule.attributes, of: template.type, compiler.schema),
                    fields: try Self.fields(rule.fields, on: template.type, compiler)))
        }
        self.items = items
        limit = rules.limit.bytes
    }

    private static func attributes(
        _ pairs: NamedTexts, of type: Text, _ schema: Schema?
    ) throws(AuthorizationFault) -> [Attribute] {
        var result: [Attribute] = []
        for pair in pairs.pairs {
            let open = AttributeType(type: .never, isRequired: false)
            guard let declared = schema.map({ $0.attributes(of: type)?[Text(pair.name)] }) ?? open else {
                throw AuthorizationFault("the schema gives `\(type)` no attribute `\(pair.name)`")
            }
            result.append(Attribute(name: Text(pair.name), type: declared.type, pointer: try pointer(pair.text)))
        }
        return result
    }

    private static func fields(
        _ rules: [ResponseField], on resource: Text, _ compiler: RouteCompiler
    ) throws(AuthorizationFault) -> [Field] {
        var result: [Field] = []
        for rule in rules {
            let action = EntityUID(type: compiler.names.action, id: Text(rule.action))
            result.append(Field(at: try JSONPattern(rule.at), action: action, context: try compiler.check(action, resource)))
        }
        return result
    }

    private static func pointer(_ text: String) throws(AuthorizationFault) -> JSONPointer {
        do throws(JSONError) { return try JSONPointer(parsing: text) } catch { throw AuthorizationFault(error.reason) }
    }
}

extension ResourceTemplate {
    /// The resource that an element of an answer is; nil where it does not say so.
    func resource(in element: JSONValue) -> EntityUID? {
        resource { place in
            guard let pointer = try? JSONPointer(parsing: place) else { return nil }
            return switch element[pointer] {
            case .string(let text)?: text
            case .number(let number)?: number.text
            default: nil
            }
        }
    }
}
