internal import Cedar
internal import GatehouseConfiguration
internal import OpenAPI

/// A template and method, with what they mean to the policies.
final class CompiledRoute: Sendable {
    /// An attribute of the resource that comes from outside the entity sources.
    struct Attribute: Sendable {
        let name: Text
        let type: CedarType
        let isRequired: Bool
    }

    /// The template as written.
    let template: String
    /// The method in upper case.
    let method: String
    let action: EntityUID
    let resource: ResourceTemplate
    let context: ContextPlan
    /// Path parameters that are attributes of the resource.
    let parameters: [Attribute]
    let isHidden: Bool
    let response: CompiledResponse?
    /// What a route of the service is, as parent of its resources.
    let parents: [EntityUID]

    init(
        template: String, method: String, action: EntityUID, resource: ResourceTemplate, context: ContextPlan, parameters: [Attribute],
        isHidden: Bool, response: CompiledResponse?, parents: [EntityUID]
    ) {
        self.template = template
        self.method = method
        self.action = action
        self.resource = resource
        self.context = context
        self.parameters = parameters
        self.isHidden = isHidden
        self.response = response
        self.parents = parents
    }
}

/// A route that took a request, with the values of its parameters.
struct MatchedRoute: Sendable {
    let route: CompiledRoute
    let parameters: [(name: String, value: String)]

    func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// The resource of the request; nil where its id would be empty.
    var resource: EntityUID? { route.resource.resource(parameter) }
}

/// Makes routes of the settings, checked against the schema.
struct RouteCompiler {
    let settings: Authorization
    let names: TypeNames
    /// Nil where a remote decision point decides and nothing is declared.
    let schema: Schema?
    let principals: [Text]
    let conversion: ValueConversion

    /// A route for one method.
    ///
    /// - Throws: ``AuthorizationFault`` that names the route.
    func route(
        _ template: String, _ method: String, operationID: String?, more: AuthorizationRoute?
    ) throws(AuthorizationFault) -> CompiledRoute {
        do throws(AuthorizationFault) {
            let action = EntityUID(type: names.action, id: Text(actionID(method, operationID, more)))
            let resource =
                try (more?.resource).flatMap { $0.isEmpty ? nil : $0 }.map { (text) throws(AuthorizationFault) in
                    try ResourceTemplate(text, names: names)
                } ?? ResourceTemplate(type: names.type(settings.mapping.route), id: template)
            let context = try check(action, resource.type)
            let response = try (more?.response).map { (rules) throws(AuthorizationFault) in
                try CompiledResponse(rules, action: action, resource: resource.type, compiler: self)
            }
            return CompiledRoute(
                template: template, method: method, action: action, resource: resource, context: context,
                parameters: try parameters(template, resource), isHidden: more?.isHidden ?? false, response: response,
                parents: parents(template, resource))
        } catch {
            throw AuthorizationFault(error.messages.map { "route `\(method) \(template)`: \($0)" })
        }
    }

    /// The plan of an action's context, once principals and the resource type are among those that it applies to.
    func check(_ action: EntityUID, _ resource: Text) throws(AuthorizationFault) -> ContextPlan {
        guard let schema else { return .everything }
        guard let declared = schema.contextAttributes(of: action), let applies = schema.appliesTo(action) else {
            throw AuthorizationFault("the schema does not declare `\(action)`")
        }
        guard applies.resources.contains(resource) else {
            throw AuthorizationFault("`\(action)` does not apply to resources of type `\(resource)`")
        }
        guard principals.contains(where: applies.principals.contains) else {
            let types = principals.map { "`\($0)`" }.joined(separator: ", ")
            throw AuthorizationFault("`\(action)` does not apply to principals of type \(types)")
        }
        return try ContextPlan(declared, action: action)
    }

    private func actionID(_ method: String, _ operationID: String?, _ more: AuthorizationRoute?) -> String {
        if let action = more?.action, !action.isEmpty { return action }
        if settings.mapping.action == .operation, let operationID { return operationID }
        return method
    }

    private func parameters(_ template: String, _ resource: ResourceTemplate) throws(AuthorizationFault) -> [CompiledRoute.Attribute] {
        var table = TemplateTable()
        let names: [String]
        do { names = try table.add(template) } catch { throw AuthorizationFault(error.reason) }
        for place in resource.places where !names.contains(place) {
            throw AuthorizationFault("the template has no parameter `\(place)`")
        }
        guard let schema else { return names.map { CompiledRoute.Attribute(name: Text($0), type: .string, isRequired: false) } }
        let declared = schema.attributes(of: resource.type) ?? [:]
        return names.compactMap { name in
            declared[Text(name)].map { CompiledRoute.Attribute(name: Text(name), type: $0.type, isRequired: $0.isRequired) }
        }
    }

    private func parents(_ template: String, _ resource: ResourceTemplate) -> [EntityUID] {
        let type = names.type(settings.mapping.route)
        return type != resource.type && schema?.mayBeBelow(resource.type, type) == true ? [EntityUID(type: type, id: Text(template))] : []
    }
}
