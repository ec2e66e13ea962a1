internal import Cedar
internal import GatehouseConfiguration

/// What the policies of a service permit on every route, method and role, as far as that can be told before a request comes.
public struct AuthorizationMatrix: Sendable {
    /// What may be done.
    public enum Answer: String, Sendable {
        /// Every caller of the role may.
        case allow
        /// No caller of the role may.
        case deny
        /// The request, the caller's attributes or the resource decide.
        case depends
        /// A stronger login or another scope would be needed.
        case stepUp = "step-up"
    }

    /// One role on one route.
    public struct Cell: Sendable {
        /// What may be done.
        public let answer: Answer
        /// The policies that it rests on.
        public let policies: [String]
    }

    /// One route with one method.
    public struct Row: Sendable {
        /// The method.
        public let method: String
        /// The path's template.
        public let template: String
        /// The action, as Cedar text.
        public let action: String
        /// One cell for each column.
        public let cells: [Cell]
    }

    /// Names of the columns: callers without identity, where there can be some, users without roles, then the roles.
    public let columns: [String]
    /// The routes.
    public let rows: [Row]
    /// Operations of the document that are always denied, and doubtful policies.
    public let warnings: [String]

    /// The matrix of a service.
    ///
    /// - Throws: ``AuthorizationFault``: what policies, schema, entities or routes are wrong.
    public init(_ subject: AuthorizationRuntime.Subject, roles: [String]) throws(AuthorizationFault) {
        let settings = subject.settings
        let files = try PolicyReading.files(settings)
        guard let bundle = try PolicyReading.bundle(settings.policies, settings.schema, files) else {
            throw AuthorizationFault("service `\(subject.service)` has no policies of its own")
        }
        let plan = try AuthorizationPlan(
            settings, bundle: bundle, schema: bundle.schema,
            entities: settings.entities.file.flatMap { file in files.first { $0.name == file.path } }, document: subject.document,
            prefix: Array(subject.strippedPrefix.utf8))
        let user = EntityUID(type: plan.names.user, id: "any|user")
        let role = plan.names.type(settings.mapping.role)
        var callers: [(name: String, entity: Entity)] = plan.principals.anonymous.map { [("nobody", Entity(uid: $0))] } ?? []
        callers.append(("user", Entity(uid: user)))
        callers += roles.map { name in (name, Entity(uid: user, parents: [EntityUID(type: role, id: Text(name))])) }
        columns = callers.map(\.name)
        rows = plan.routes.all.map { route in
            Row(
                method: route.method, template: route.template, action: route.action.description,
                cells: callers.map { plan.cell(route, $0.entity, bundle) })
        }
        warnings = plan.routes.warnings + bundle.warnings
    }
}

extension AuthorizationPlan {
    /// What a caller of whom only the roles are known may do on a route of which only the template is known.
    fileprivate func cell(_ route: CompiledRoute, _ caller: Entity, _ bundle: PolicyBundle) -> AuthorizationMatrix.Cell {
        let resource = route.resource.resource { "{\($0)}" } ?? EntityUID(type: route.resource.type, id: "")
        let names = Set((bundle.schema.attributes(of: resource.type) ?? [:]).keys)
        let entity = Entity(uid: resource, parents: route.parents)
        let request = Cedar.Request(principal: caller.uid, action: route.action, resource: resource)
        let judgement = bundle.authorizer.judge(
            request, entities: base.overlaying([caller, entity]).withUnknown(resource, attributes: names))
        // what fails for lack of the context or of the caller's attributes hangs on them
        let open = judgement.open + judgement.errors.map { ($0.policy, $0.effect) }
        let permits = open.filter { $0.effect == .permit }.map(\.policy)
        let forbids = open.filter { $0.effect == .forbid }.map(\.policy)
        if judgement.permits.isEmpty, permits.isEmpty { return .init(answer: .deny, policies: []) }
        if !judgement.forbids.isEmpty {
            let isLiftable = judgement.forbids.allSatisfy { bundle.notes[$0]?.isEmpty == false }
            return .init(answer: isLiftable ? .stepUp : .deny, policies: judgement.forbids)
        }
        if judgement.permits.isEmpty || !forbids.isEmpty { return .init(answer: .depends, policies: judgement.permits + permits + forbids) }
        return .init(answer: .allow, policies: judgement.permits)
    }
}
