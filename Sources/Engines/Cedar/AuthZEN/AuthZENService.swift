public import StrictJSON

/// The Authorization API 1.0 of OpenID AuthZEN over an authorizer: evaluation, evaluations and the three searches.
///
/// Pure: takes and gives JSON; the listener adds HTTP, authentication of callers and `X-Request-ID`. Unknown members are
/// ignored. A decision of false is no error.
public struct AuthZENService: Sendable {
    /// Decides.
    public let authorizer: Authorizer
    /// What is known beside the request.
    public private(set) var entities: Entities
    /// Against which requests are checked; `nil` for no check.
    public let schema: Schema?
    /// How AuthZEN's words become entities.
    public let mapping: AuthZENMapping

    /// Is told of every decision, on the thread that takes it: the request, the entities that it brought along, the answer, and whether it
    /// counts as an allow.
    public var onDecision: (@Sendable (Request, [Entity], Response, Bool) -> Void)?

    /// A decision point over one snapshot of policies and entities.
    public init(authorizer: Authorizer, entities: Entities, schema: Schema? = nil, mapping: AuthZENMapping = AuthZENMapping()) {
        self.authorizer = authorizer
        self.entities = entities
        self.schema = schema
        self.mapping = mapping
    }

    /// The subjects and resources that a request names, as far as it can be read, so that facts about them can be looked up.
    public func entities(in body: JSONValue) -> [EntityUID] {
        let reader = AuthZENReader(mapping: mapping)
        let items = [body] + (body["evaluations"]?.array ?? []).prefix(mapping.maximumEvaluations)
        var names: Set<EntityUID> = []
        for item in items {
            for key in ["subject", "resource"] { if let name = try? reader.entity(item, key) { names.insert(name) } }
        }
        return names.sorted()
    }

    /// The same with more entities, which hide those of their name.
    public func knowing(_ known: [Entity]) -> AuthZENService {
        guard !known.isEmpty else { return self }
        var other = self
        other.entities = entities.overlaying(known)
        return other
    }

    /// `POST /access/v1/evaluation` (section 6).
    ///
    /// - Throws: ``AuthZENError`` with status 400 where subject, action or resource are missing or malformed.
    public func evaluation(_ body: JSONValue) throws(AuthZENError) -> JSONValue {
        let tuple = try AuthZENTuple(body, mapping)
        return ["decision": .bool(try decide(tuple))]
    }

    /// `POST /access/v1/evaluations` (section 7): several evaluations, each with defaults from the top.
    ///
    /// The semantics of `options.evaluations_semantic` are `execute_all` (default), `deny_on_first_deny` and
    /// `permit_on_first_permit`. Without `evaluations` the request is a single evaluation. An item that is malformed is
    /// answered by a decision of false with the reason in its context.
    /// - Throws: ``AuthZENError`` with status 400.
    public func evaluations(_ body: JSONValue) throws(AuthZENError) -> JSONValue {
        guard let top = body.object else { throw .badRequest("the body is no object") }
        guard let items = top["evaluations"]?.array, !items.isEmpty else { return try evaluation(body) }
        guard items.count <= mapping.maximumEvaluations else {
            throw .badRequest("more than \(mapping.maximumEvaluations) evaluations")
        }
        let stop = try stopsAt(top["options"]?["evaluations_semantic"])
        var answers: [JSONValue] = []
        for item in items {
            let (answer, decision) = answer(item, top)
            answers.append(answer)
            if decision == stop { break }
        }
        return ["evaluations": .array(answers)]
    }

    /// The decision after which no more evaluations follow.
    private func stopsAt(_ semantic: JSONValue?) throws(AuthZENError) -> Bool? {
        switch semantic?.string ?? "execute_all" {
        case "execute_all": return nil
        case "deny_on_first_deny": return false
        case "permit_on_first_permit": return true
        case let other: throw .badRequest("`\(other)` is no evaluations semantic")
        }
    }

    private func answer(_ item: JSONValue, _ defaults: JSONObject) -> (JSONValue, Bool) {
        do {
            guard var merged = item.object else { throw AuthZENError.badRequest("an evaluation is no object") }
            for key in ["subject", "action", "resource", "context"] where merged[key] == nil { merged[key] = defaults[key] }
            let decision = try decide(AuthZENTuple(.object(merged), mapping))
            return (["decision": .bool(decision)], decision)
        } catch {
            let status = (error as? AuthZENError)?.status ?? 400
            return (["decision": false, "context": ["error": ["status": JSONValue(status), "message": .string("\(error)")]]], false)
        }
    }

    /// The decision on one tuple; properties become attributes where the store does not have them.
    func decide(_ tuple: AuthZENTuple) throws(AuthZENError) -> Bool {
        var brought: [Entity] = []
        for (uid, properties) in [(tuple.subject, tuple.subjectProperties), (tuple.resource, tuple.resourceProperties)]
        where !properties.isEmpty {
            brought.append(merged(uid, properties))
        }
        let entities = brought.isEmpty ? entities : entities.overlaying(brought)
        let request = Request(principal: tuple.subject, action: tuple.action, resource: tuple.resource, context: tuple.context)
        let response = authorizer.decide(request, entities: entities)
        let isAllowed = (mapping.deniesOnForbidError ? response.failClosed : response.decision) == .allow
        onDecision?(request, brought, response, isAllowed)
        return isAllowed
    }

    private func merged(_ uid: EntityUID, _ properties: Record) -> Entity {
        guard let known = entities[uid] else { return Entity(uid: uid, attributes: properties) }
        return Entity(
            uid: uid, attributes: Record(properties.pairs + known.attributes.pairs), tags: known.tags, parents: known.parents)
    }
}
