public import GatehouseConfiguration
internal import GatehouseCore
public import GatehouseGuards
internal import HTTPWire
internal import NIOCore
internal import OpenAPI

/// Lets through what an OpenAPI document allows, in both directions.
///
/// Refuses: undocumented paths (404) and methods (405 with `Allow`), missing credentials (401), an `Accept` that takes nothing that is
/// offered (406), bodies that are too long (413) or of another media type (415), wrong parameters and bodies (400, or 422 by choice), and
/// answers of the service that are not what is documented (502, without their body). The caller learns the place and the rule; the value
/// goes to the log.
///
/// Limits: bodies up to `body_limit` and `response_body_limit` are held; bodies that are bytes to the document, and streams of events, flow.
/// Cost: a few microseconds for a request without body, about ten per kilobyte of JSON.
public struct OpenAPIGuard: Guard {
    /// The name in the configuration and in events.
    public let name = "openapi"
    /// The phases that it wants.
    public let phases: GuardPhases
    /// The document, which stays in the library as long as a guard holds it.
    public let document: OpenAPIDocument

    let settings: OpenAPIGuardSettings
    let steps: SanitizeSteps
    let reader: RequestReading

    static let slot = GuardSlot<ValidationState>("openapi")

    /// Makes the guard of a route.
    ///
    /// - Parameter strippedPrefix: the prefix that is taken off paths before the service sees them, and so before they are looked up.
    public init(_ document: OpenAPIDocument, _ settings: OpenAPIGuardSettings, strippedPrefix: String = "") {
        self.document = document
        self.settings = settings
        steps = SanitizeSteps(settings.sanitizing)
        reader = RequestReading(strippedPrefix: Array(strippedPrefix.utf8))
        let answers: GuardPhases = settings.responses == .off ? [] : [.responseHead, .responseBody]
        phases = [.requestHead, .requestBody] + answers
    }

    var validator: OpenAPIValidator { document.validator }
    var traffic: OpenAPITraffic { document.traffic }

    /// What a mode comes to at this moment.
    func mode(_ mode: GuardMode, _ exchange: Exchange) -> GuardMode {
        guard mode == .enforce, let until = settings.reportUntil else { return mode }
        return exchange.services.clock.wall / 1_000_000_000 < Int64(until.seconds) ? .report : .enforce
    }

    /// Refuses, or in `report` records what would have been refused.
    func carryOut(_ refusal: Refusal, _ mode: GuardMode, _ exchange: Exchange) -> Verdict {
        guard mode != .enforce else { return .refuse(refusal) }
        let outcome: Decision.Outcome = refusal.problem.status == 401 ? .challenge : .refuse
        exchange.record(
            Decision(
                guardName: name, rule: refusal.rule, outcome: outcome, mode: mode, reason: refusal.reason, severity: refusal.severity,
                evidence: refusal.evidence, status: refusal.problem.status))
        return .pass
    }

    /// Puts what nobody has seen before into the stream of events, once.
    func note(_ news: [UndocumentedItem], _ operation: OpenAPIOperation?, _ exchange: Exchange, _ mode: GuardMode) {
        for item in news {
            let place = operation.map { "\($0.method) \($0.path)" } ?? "the document"
            exchange.record(
                Decision(
                    guardName: name, rule: "undocumented_\(item.kind.word)", outcome: .pass, mode: mode,
                    reason: "\(place) does not know \(item.phrase)", severity: .low))
        }
    }
}

/// What the guard keeps of one exchange.
struct ValidationState {
    /// The operation, where one was found.
    var operation: OpenAPIOperation?
    /// The request whose body is waited for.
    var pending: PendingBody?
    /// Set while the body decides whether there is one at all.
    var awaitsAnyBody = false
    /// Set while the answer's body is waited for.
    var awaitsAnswer = false
    /// Set once a body was read by its document, so that no other guard need read it.
    var hasReadBody = false
}

extension UndocumentedItem {
    /// A clause for people.
    var phrase: String {
        switch kind {
        case .path: "the path `\(name)`"
        case .method: "the method `\(name)`"
        case .query: "the query parameter `\(name)`"
        case .cookie: "the cookie `\(name)`"
        case .body: "a body"
        case .requestProperty: "the property `\(name)` of requests"
        case .responseProperty: "the property `\(name)` of answers"
        case .status: "the status \(name)"
        }
    }
}

extension UndocumentedItem.Kind {
    /// The kind in `snake_case`.
    var word: String {
        switch self {
        case .requestProperty: "request_property"
        case .responseProperty: "response_property"
        default: rawValue
        }
    }
}

extension SanitizeSteps {
    init(_ settings: [OpenAPIGuardSettings.Sanitizing]) {
        self.init()
        for step in settings {
            switch step {
            case .stripUnknown: insert(.stripUnknown)
            case .stripReadOnly: insert(.stripReadOnly)
            case .trim: insert(.trim)
            case .nfc: insert(.normalize)
            case .fillDefaults: insert(.fillDefaults)
            }
        }
    }
}

extension GuardPhases {
    fileprivate static func + (left: GuardPhases, right: GuardPhases) -> GuardPhases { left.union(right) }
}
