internal import Cedar
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import NIOCore
internal import StrictJSON

/// Asks a decision point that speaks the AuthZEN Authorization API 1.0.
///
/// Refuses: whatever is not `200` with a boolean `decision` in time. The key of the cache is the whole question.
final class RemoteDecisions: Sendable {
    private let settings: RemoteDecisionPoint
    private let url: String
    private let caller: any HTTPCaller
    private let clock: any HouseClock
    private let cache: ExpiringCache<[UInt8], Ruling>?

    init(_ settings: RemoteDecisionPoint, caller: any HTTPCaller, clock: any HouseClock) {
        self.settings = settings
        let rest = settings.url.dropFirst(
            settings.url.firstRange(of: "://").map { settings.url.distance(from: settings.url.startIndex, to: $0.upperBound) } ?? 0)
        let hasPath = rest.firstIndex(of: "/").map { rest[$0...] != "/" } ?? false
        let trimmed = settings.url.hasSuffix("/") && !hasPath ? String(settings.url.dropLast()) : settings.url
        url = hasPath ? settings.url : trimmed + "/access/v1/evaluation"
        self.caller = caller
        self.clock = clock
        cache = settings.cache > .zero ? ExpiringCache(capacity: settings.cacheEntries) : nil
    }

    /// The decision point's answer; fails where there is none.
    func rule(_ question: Question, _ identity: CallerIdentity?, incident: String, on loop: any EventLoop) -> EventLoopFuture<Ruling> {
        let body = Self.body(question, identity)
        if let known = cache?.value(body, now: clock.monotonic) { return loop.makeSucceededFuture(known) }
        var fields = [("content-type", "application/json"), ("accept", "application/json"), ("x-request-id", incident)]
        if let token = settings.token { fields.append(("authorization", "Bearer \(token.value.reveal())")) }
        let call = HTTPCall(
            method: "POST", url: url, fields: fields.map { (name: $0.0, value: $0.1) }, body: body, timeout: settings.timeout,
            authorities: settings.caFile?.path)
        return caller.call(call, on: loop).flatMapThrowing { [self] reply in
            let ruling = try Self.ruling(reply)
            cache?.keep(ruling, for: body, until: clock.monotonic + settings.cache.nanoseconds)
            return ruling
        }
    }

    private static func ruling(_ reply: HTTPReply) throws -> Ruling {
        guard reply.status == 200 else { throw HTTPCallFailure("the decision point answered \(reply.status)") }
        guard let root = try? JSONDocument(reply.body).root, let decision = root["decision"]?.bool else {
            throw HTTPCallFailure("the decision point's answer holds no decision")
        }
        var ruling = Ruling(answer: decision ? .allow : .deny)
        if let reason = root["context"]?["reason_admin"] { ruling.reasons = [String(reason.value.serialized().prefix(200))] }
        return ruling
    }

    /// The question as a request of section 6; the key of the cache as well.
    static func body(_ question: Question, _ identity: CallerIdentity?) -> [UInt8] {
        let request = question.request
        var subject = request.principal.authZEN
        var properties = Self.properties(of: request.principal, question)
        for (name, words) in [
            ("roles", identity?.roles ?? []), ("groups", identity?.groups ?? []), ("entitlements", identity?.entitlements ?? []),
        ] where !words.isEmpty {
            properties[name] = .array(words.map { .string($0) })
        }
        if !properties.isEmpty { subject["properties"] = .object(properties) }
        var resource = request.resource.authZEN
        let facts = Self.properties(of: request.resource, question)
        if !facts.isEmpty { resource["properties"] = .object(facts) }
        let body: JSONValue = [
            "subject": subject, "action": ["name": .string(request.action.id.string)], "resource": resource,
            "context": Cedar.Value.record(request.context).plainJSON,
        ]
        return Array(body.serialized().utf8)
    }

    private static func properties(of uid: EntityUID, _ question: Question) -> JSONObject {
        let entity = question.brought.first { $0.uid == uid }
        return JSONObject((entity?.attributes.pairs ?? []).map { ($0.0.string, $0.1.plainJSON) })
    }
}

extension EntityUID {
    /// `{"type", "id"}` as the Authorization API writes it.
    fileprivate var authZEN: JSONValue { ["type": .string(type.string), "id": .string(id.string)] }
}

extension Value {
    /// The value as other programs write it: extension values as text, entities as type and id.
    var plainJSON: JSONValue {
        switch self {
        case .bool(let bool): .bool(bool)
        case .long(let number): JSONValue(number)
        case .string(let text): .string(text.string)
        case .entity(let uid): ["type": .string(uid.type.string), "id": .string(uid.id.string)]
        case .set(let set): .array(set.values.map(\.plainJSON).sorted { $0.serialized() < $1.serialized() })
        case .record(let record): .object(JSONObject(record.pairs.map { ($0.0.string, $0.1.plainJSON) }))
        case .decimal(let value): .string(value.description)
        case .ip(let value): .string(value.description)
        case .datetime(let value): JSONValue(value.milliseconds)
        case .duration(let value): .string(value.description)
        }
    }
}
