internal import Cedar
internal import GatehouseConfiguration
internal import GatehouseGuards
internal import OpenAPI

/// One version of everything that a service's requests are decided by, but for the entity sources that are asked.
final class AuthorizationPlan: Sendable {
    /// The policies; nil where a remote decision point decides.
    let bundle: PolicyBundle?
    let names: TypeNames
    let principals: PrincipalMapper
    let conversion: ValueConversion
    let routes: RouteMap
    /// Entities of the file, and the schema's actions.
    let base: Entities
    let failsClosed: Bool

    init(
        _ settings: Authorization, bundle: PolicyBundle?, schema: Schema?, entities: PolicyBundle.File?, document: OpenAPIValidator?,
        prefix: [UInt8]
    ) throws(AuthorizationFault) {
        self.bundle = bundle
        names = TypeNames(settings.mapping)
        conversion = ValueConversion(subjects: Self.subjects(settings.mapping, names))
        principals = try PrincipalMapper(settings.mapping, schema: schema, conversion: conversion)
        let compiler = RouteCompiler(
            settings: settings, names: names, schema: schema, principals: principals.types, conversion: conversion)
        routes = try RouteMap(compiler, document: document, prefix: prefix)
        base = try Self.entities(entities, schema)
        failsClosed = settings.onPolicyError == .deny
    }

    /// The question that a request is, once the entity sources have been asked.
    ///
    /// - Parameter known: what the sources gave; the file's entities need not be in it.
    /// - Throws: ``PrincipalMapper/Fault`` for an identity that is no principal.
    func question(
        _ exchange: Exchange, _ matched: MatchedRoute, principal: EntityUID, resource: EntityUID, known: [Entity]
    ) throws(PrincipalMapper.Fault) -> Question {
        let find = { (uid: EntityUID) in known.first { $0.uid == uid } ?? self.base[uid] }
        var brought = known.filter { $0.uid != principal && $0.uid != resource }
        if let identity = exchange.identity {
            brought.append(try principals.entity(principal, identity, known: find(principal)))
        } else {
            brought.append(find(principal) ?? Entity(uid: principal))
        }
        if let entity = resourceEntity(resource, matched, known: find(resource)) { brought.append(entity) }
        return Question(
            request: Cedar.Request(
                principal: principal, action: matched.route.action, resource: resource,
                context: matched.route.context.context(exchange, exchange.identity)),
            brought: brought, unknown: unknown(matched, known: find(resource)))
    }

    /// Attributes that only the answer will tell: those that the sources do not know already.
    private func unknown(_ matched: MatchedRoute, known: Entity?) -> Set<Text> {
        guard let response = matched.route.response, !response.attributes.isEmpty else { return [] }
        return response.unknown.filter { known?.attributes[$0] == nil }
    }

    /// What is known of the resource: its parameters in the path, and what the sources say, which wins.
    private func resourceEntity(_ uid: EntityUID, _ matched: MatchedRoute, known: Entity?) -> Entity? {
        var pairs: [(Text, Value)] = []
        for attribute in matched.route.parameters where known?.attributes[attribute.name] == nil {
            guard let text = matched.parameter(attribute.name.string), let value = conversion.value(text, as: attribute.type) else {
                continue
            }
            pairs.append((attribute.name, value))
        }
        let parents = matched.route.parents
        if pairs.isEmpty, parents.isEmpty { return known }
        return Entity(
            uid: uid, attributes: Record(pairs + (known?.attributes.pairs ?? [])), tags: known?.tags ?? Record(),
            parents: parents + (known?.parents ?? []))
    }

    private static func subjects(_ mapping: AuthorizationMapping, _ names: TypeNames) -> ValueConversion.SubjectNames? {
        let only = mapping.issuers.pairs.count == 1 ? mapping.issuers.pairs[0].text : ""
        let issuer = mapping.subjectsOf.isEmpty ? only : mapping.subjectsOf
        return issuer.isEmpty ? nil : ValueConversion.SubjectNames(type: names.user, issuer: issuer)
    }

    private static func entities(_ file: PolicyBundle.File?, _ schema: Schema?) throws(AuthorizationFault) -> Entities {
        do {
            guard let file else { return try Entities(schema?.actionEntities ?? []) }
            return try Entities(parsing: file.bytes, schema: schema)
        } catch let error as CedarError {
            throw AuthorizationFault(PolicyBundle.message(error, in: file?.name ?? "schema"))
        } catch {
            throw AuthorizationFault("\(file?.name ?? "schema"): \(error)")
        }
    }
}

/// What is asked of a decision point.
struct Question: Sendable {
    /// Principal, action, resource and context.
    var request: Cedar.Request
    /// Entities of this request alone, on top of the file's.
    var brought: [Entity]
    /// Attributes of the resource that only the backend's answer tells.
    var unknown: Set<Text> = []
}
