internal import Cedar
internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
public import GatehouseGuards
internal import HTTPWire
public import NIOCore
internal import StrictJSON

/// The decision point: the AuthZEN Authorization API 1.0 over the policies of a service, for backends and other gateways.
///
/// Callers are those whom the authentication guard knows, or who hold one of the configured tokens; the metadata are public.
/// Refuses: with 401 without either, with 400 what is no request of the API, with 503 where an entity source does not answer.
public struct DecisionsService: BuiltinService {
    /// 1 MiB.
    public let bodyLimit = 1 << 20

    let plan: AuthorizationPlan
    let ways: DecisionWays
    private let api: AuthZENService
    private let tokens: [[UInt8]]
    private let metadata: [UInt8]?

    /// - Parameter sign: signs the metadata's claims.
    init(
        _ plan: AuthorizationPlan, _ ways: DecisionWays, settings: DecisionService, sign: (JSONObject) -> String?
    ) throws(AuthorizationFault) {
        guard let bundle = plan.bundle else { throw AuthorizationFault("a decision point needs policies of its own, not a `pdp`") }
        self.plan = plan
        self.ways = ways
        var mapping = AuthZENMapping(
            types: Dictionary(settings.types.pairs.map { ($0.name, $0.text) }) { first, _ in first }, namespace: plan.names.namespaceOrNil)
        mapping.deniesOnForbidError = plan.failsClosed
        api = AuthZENService(authorizer: bundle.authorizer, entities: plan.base, schema: bundle.schema, mapping: mapping)
        tokens = settings.tokens.map { Array($0.value.reveal().utf8) }
        metadata = settings.url.isEmpty ? nil : Self.metadata(settings.url, sign)
    }

    /// Answers a request of the API.
    public func answer(_ exchange: Exchange, body: ByteBuffer, on loop: any EventLoop) -> EventLoopFuture<LocalAnswer> {
        let request = DecisionsRequest(exchange)
        guard let endpoint = DecisionsEndpoint(rawValue: exchange.request.path) else {
            return loop.makeSucceededFuture(request.failure(404, "there is no such endpoint"))
        }
        if endpoint == .metadata { return loop.makeSucceededFuture(answerMetadata(exchange, request)) }
        guard exchange.request.method == .post else {
            return loop.makeSucceededFuture(request.failure(405, "the method is POST", fields: [("allow", "POST")]))
        }
        guard isKnown(exchange) else {
            return loop.makeSucceededFuture(
                request.failure(401, "callers must authenticate", fields: [("www-authenticate", "Bearer")]))
        }
        guard request.isJSON else { return loop.makeSucceededFuture(request.failure(400, "the body is not `application/json`")) }
        let question: JSONValue
        do throws(JSONError) {
            question = try JSONValue(parsing: Array(body.readableBytesView))
        } catch {
            return loop.makeSucceededFuture(request.failure(400, "the body is not JSON: \(error.reason)"))
        }
        return decide(endpoint, question, request, exchange, loop)
    }

    private func decide(
        _ endpoint: DecisionsEndpoint, _ question: JSONValue, _ request: DecisionsRequest, _ exchange: Exchange, _ loop: any EventLoop
    ) -> EventLoopFuture<LocalAnswer> {
        let notes = DecisionNotes(exchange, ways)
        guard let lookup = ways.lookup else { return run(endpoint, question, api, notes, request, loop) }
        switch lookup.entities(api.entities(in: question), schema: plan.bundle?.schema, conversion: plan.conversion, on: loop) {
        case .now(let known): return run(endpoint, question, api.knowing(known), notes, request, loop)
        case .later(let future):
            return future.flatMap { run(endpoint, question, api.knowing($0), notes, request, loop) }
                .flatMapErrorThrowing { _ in request.failure(503, "an entity source does not answer") }
        }
    }

    /// One evaluation is done at once; what may take longer leaves the event loop.
    private func run(
        _ endpoint: DecisionsEndpoint, _ question: JSONValue, _ api: AuthZENService, _ notes: DecisionNotes, _ request: DecisionsRequest,
        _ loop: any EventLoop
    ) -> EventLoopFuture<LocalAnswer> {
        var api = api
        api.onDecision = notes.take
        guard endpoint != .evaluation else { return loop.makeSucceededFuture(Self.answer(endpoint, question, api, request)) }
        let promise = loop.makePromise(of: LocalAnswer.self)
        DispatchQueue.global().async { [api] in promise.succeed(Self.answer(endpoint, question, api, request)) }
        return promise.futureResult
    }

    private static func answer(
        _ endpoint: DecisionsEndpoint, _ question: JSONValue, _ api: AuthZENService, _ request: DecisionsRequest
    ) -> LocalAnswer {
        do throws(AuthZENError) {
            switch endpoint {
            case .evaluation: return request.success(try api.evaluation(question))
            case .evaluations: return request.success(try api.evaluations(question))
            case .searchSubject: return request.success(try api.searchSubjects(question))
            case .searchResource: return request.success(try api.searchResources(question))
            case .searchAction: return request.success(try api.searchActions(question))
            case .metadata: return request.failure(404, "there is no such endpoint")
            }
        } catch {
            return request.failure(error.status, error.message)
        }
    }

    private func answerMetadata(_ exchange: Exchange, _ request: DecisionsRequest) -> LocalAnswer {
        guard let metadata else { return request.failure(404, "there are no metadata") }
        guard exchange.request.method == .get || exchange.request.method == .head else {
            return request.failure(405, "the method is GET", fields: [("allow", "GET, HEAD")])
        }
        return LocalAnswer(
            status: 200, fields: [("content-type", "application/json"), ("cache-control", "public, max-age=300")],
            body: ByteBuffer(bytes: metadata))
    }

    /// Compared in full, so that time tells nothing of a token.
    private func isKnown(_ exchange: Exchange) -> Bool {
        if exchange.identity != nil { return true }
        let values = exchange.request.fields.values(of: .authorization)
        guard values.count == 1, values[0].count > 7, values[0].prefix(7).lowercased() == "bearer " else { return false }
        let given = Array(values[0].dropFirst(7).utf8)
        return tokens.reduce(false) { found, token in
            let difference = zip(token, given).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
            return (token.count == given.count && difference == 0) || found
        }
    }

    /// Section 9: where everything is, and the same signed.
    private static func metadata(_ url: String, _ sign: (JSONObject) -> String?) -> [UInt8] {
        var members: JSONObject = ["policy_decision_point": .string(url)]
        for endpoint in DecisionsEndpoint.allCases {
            if let name = endpoint.metadataName { members.append(name, .string(url + endpoint.rawValue)) }
        }
        var claims = members
        claims.append("iss", .string(url))
        if let signed = sign(claims) { members.append("signed_metadata", .string(signed)) }
        return Array(JSONValue.object(members).serialized().utf8)
    }
}
