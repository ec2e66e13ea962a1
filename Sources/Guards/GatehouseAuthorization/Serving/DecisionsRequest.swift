internal import Cedar
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire
internal import NIOCore
internal import StrictJSON
internal import Synchronization

/// What of a request of the API every answer needs.
struct DecisionsRequest: Sendable {
    /// `X-Request-ID` as it came, which the answer repeats; nil for none, several, or one that is too long.
    private let requestID: String?
    /// True where the body says that it is JSON.
    let isJSON: Bool

    init(_ exchange: Exchange) {
        let fields = exchange.request.fields
        let given = fields.values(named: "x-request-id")
        requestID = given.count == 1 && (1...256).contains(given[0].utf8.count) ? given[0] : nil
        let type = (fields[.contentType] ?? "").prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
        isJSON = type == "application/json"
    }

    func success(_ body: JSONValue) -> LocalAnswer { answer(200, body, []) }

    /// A failure in words for developers; never anything of policies or entities.
    func failure(_ status: Int, _ message: String, fields: [(name: String, value: String)] = []) -> LocalAnswer {
        answer(status, ["error": ["status": JSONValue(status), "message": .string(message)]], fields)
    }

    private func answer(_ status: Int, _ body: JSONValue, _ more: [(name: String, value: String)]) -> LocalAnswer {
        var fields = more + [("content-type", "application/json"), ("cache-control", "no-store")]
        if let requestID { fields.append(("x-request-id", requestID)) }
        return LocalAnswer(status: status, fields: fields, body: ByteBuffer(string: body.serialized()))
    }
}

/// Writes the decisions of one request down, on whatever thread they are taken.
final class DecisionNotes: Sendable {
    private let ways: DecisionWays
    private let incident: String
    private let service: String
    private let route: String
    private let clock: any HouseClock
    private let count = Mutex(0)

    init(_ exchange: Exchange, _ ways: DecisionWays) {
        self.ways = ways
        incident = exchange.incident.description
        service = exchange.route.service
        route = "\(exchange.request.method.name) \(exchange.request.path)"
        clock = exchange.services.clock
    }

    /// Takes a decision.
    func take(_ request: Cedar.Request, _ brought: [Entity], _ response: Response, _ isAllowed: Bool) {
        guard let log = ways.log else { return }
        let number = count.withLock { count in
            defer { count += 1 }
            return count
        }
        let errors = response.errors.map {
            Ruling.PolicyError(policy: $0.policy, isForbid: $0.effect == .forbid, message: $0.error.description, isMissingEntity: false)
        }
        _ = log.append(
            DecisionEntry(
                id: number == 0 ? incident : "\(incident).\(number)", phase: .evaluation, time: clock.wall,
                question: Question(request: request, brought: brought),
                ruling: Ruling(answer: isAllowed ? .allow : .deny, reasons: response.reasons, errors: errors), shadow: nil,
                service: service,
                route: route, policyHash: ways.bundle?.policyHash ?? "", schemaHash: ways.bundle?.schemaHash ?? "", duration: 0))
    }
}
