public import StrictJSON

extension AuthZENService {
    /// `POST /access/v1/search/subject` (section 8): the subjects of a type that may do the action to the resource.
    ///
    /// - Throws: ``AuthZENError`` with status 400.
    public func searchSubjects(_ body: JSONValue) throws(AuthZENError) -> JSONValue {
        let reader = AuthZENReader(mapping: mapping)
        let type = try reader.type(body, "subject")
        let action = try reader.action(body)
        let resource = try reader.entity(body, "resource")
        let properties = try reader.record(body["resource"]?["properties"], "the properties of the resource")
        let context = try reader.context(body)
        return try results(body, candidates(type)) { (uid) throws(AuthZENError) in
            try decide(tuple(uid, action, resource, context, resourceProperties: properties)) ? name(uid, body["subject"]) : Optional.none
        }
    }

    /// `POST /access/v1/search/resource` (section 9): the resources of a type to which the subject may do the action.
    ///
    /// - Throws: ``AuthZENError`` with status 400.
    public func searchResources(_ body: JSONValue) throws(AuthZENError) -> JSONValue {
        let reader = AuthZENReader(mapping: mapping)
        let subject = try reader.entity(body, "subject")
        let properties = try reader.record(body["subject"]?["properties"], "the properties of the subject")
        let action = try reader.action(body)
        let type = try reader.type(body, "resource")
        let context = try reader.context(body)
        return try results(body, candidates(type)) { (uid) throws(AuthZENError) in
            try decide(tuple(subject, action, uid, context, subjectProperties: properties)) ? name(uid, body["resource"]) : Optional.none
        }
    }

    /// `POST /access/v1/search/action` (section 10): the actions that the subject may do to the resource.
    ///
    /// - Throws: ``AuthZENError`` with status 400.
    public func searchActions(_ body: JSONValue) throws(AuthZENError) -> JSONValue {
        let reader = AuthZENReader(mapping: mapping)
        let subject = try reader.entity(body, "subject")
        let subjectProperties = try reader.record(body["subject"]?["properties"], "the properties of the subject")
        let resource = try reader.entity(body, "resource")
        let resourceProperties = try reader.record(body["resource"]?["properties"], "the properties of the resource")
        let context = try reader.context(body)
        return try results(body, knownActions()) { (action) throws(AuthZENError) in
            let tuple = tuple(
                subject, action, resource, context, subjectProperties: subjectProperties, resourceProperties: resourceProperties)
            let found: JSONValue = ["name": .string(action.id.string)]
            return try decide(tuple) ? found : Optional.none
        }
    }

    private func tuple(
        _ subject: EntityUID, _ action: EntityUID, _ resource: EntityUID, _ context: Record,
        subjectProperties: Record = Record(), resourceProperties: Record = Record()
    ) -> AuthZENTuple {
        AuthZENTuple(
            subject: subject, subjectProperties: subjectProperties, action: action, resource: resource,
            resourceProperties: resourceProperties, context: context)
    }

    /// The entities of a type in order, enumerated ones from the schema.
    private func candidates(_ type: Text) -> [EntityUID] {
        let stored = entities.names.filter { $0.type == type }
        let declared = (schema?.choices(of: type) ?? []).map { EntityUID(type: type, id: $0) }
        return Set(stored + declared).sorted()
    }

    /// The actions of the schema, of the store and of the policies' scopes, groups of other actions left out.
    private func knownActions() -> [EntityUID] {
        var actions = Set(schema?.actionNames ?? [])
        actions.formUnion(entities.names.filter(\.isAction))
        for (_, policy, _) in authorizer.policies.linked { actions.formUnion(policy.action.entities) }
        let groups = actions.reduce(into: Set<EntityUID>()) { $0.formUnion(entities.ancestors(of: $1)) }
        return actions.subtracting(groups).filter { $0.type == mapping.actionType }.sorted()
    }

    private func name(_ uid: EntityUID, _ asked: JSONValue?) -> JSONValue {
        ["type": asked?["type"] ?? .string(uid.type.string), "id": .string(uid.id.string)]
    }

    /// One page of what `keep` gives. The token of the next page is the place of the next candidate.
    private func results(
        _ body: JSONValue, _ candidates: [EntityUID], _ keep: (EntityUID) throws(AuthZENError) -> JSONValue?
    ) throws(AuthZENError) -> JSONValue {
        guard candidates.count <= mapping.maximumCandidates else {
            throw .badRequest("the search would look at more than \(mapping.maximumCandidates) candidates")
        }
        let page = body["page"]
        let asked = page?["limit"]?.int64 ?? page?["size"]?.int64 ?? Int64(mapping.maximumPage)
        guard asked > 0 else { throw .badRequest("a page has a positive limit") }
        let limit = Int(min(asked, Int64(mapping.maximumPage)))
        let token = page?["token"]?.string ?? page?["next_token"]?.string ?? ""
        guard let start = token.isEmpty ? 0 : Int(token), (0...candidates.count).contains(start) else {
            throw .badRequest("`\(token)` is no token of a page")
        }
        var found: [JSONValue] = []
        var at = start
        while at < candidates.count, found.count < limit {
            if let result = try keep(candidates[at]) { found.append(result) }
            at += 1
        }
        let next = at < candidates.count ? String(at) : ""
        return ["results": .array(found), "page": ["next_token": .string(next), "count": JSONValue(found.count)]]
    }
}
