public import GatehouseConfiguration
internal import GatehouseCore
internal import HTTPWire

/// Hygiene of targets and fields beyond framing: what a backend may read differently than we do does not reach it.
///
/// Refuses: with 400 the forms that ``ProtocolRule`` names, with 405 methods that the route does not take. Empty path segments are
/// merged. Cost: one pass over target and names.
public struct ProtocolGuard: Guard {
    /// What is checked: all of it, or in two steps, so that what a route takes at all is asked before what a body means to its method.
    public enum Stage: Sendable {
        /// Everything at once.
        case whole
        /// Target, fields and methods.
        case head
        /// Bodies where the method gives them no meaning.
        case strayBody
    }

    /// The name in the configuration and in events.
    public let name = "protocol"
    /// The phases that it wants.
    public let phases: GuardPhases = .requestHead

    private let settings: ProtocolGuardSettings
    private let methods: Set<HTTPMethod>
    private let allow: String
    private let target: TargetRules
    private let fields: FieldRules
    private let stage: Stage

    /// Compiles the rules of a route.
    public init(_ settings: ProtocolGuardSettings, stage: Stage = .whole) {
        self.stage = stage
        self.settings = settings
        methods = Set(settings.methods.map { HTTPMethod($0.name) })
        allow = settings.methods.map(\.name).joined(separator: ", ")
        target = TargetRules(allowsEncodedSlashes: settings.allowsEncodedSlashes)
        fields = FieldRules(allowsUnderscores: settings.allowsUnderscores)
    }

    /// Checks method, target and fields.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        if stage != .strayBody, exchange.request.hadBothLengths {
            return .refuse(
                Refusal(
                    Problem(status: 400), rule: ProtocolRule.bothLengths.rawValue, reason: "both content-length and transfer-encoding",
                    severity: .medium, closesConnection: true))
        }
        if stage != .strayBody, !methods.contains(exchange.request.method) { return refuseMethod(exchange.request.method) }
        do throws(ProtocolFinding) {
            if stage != .strayBody { try checkHead(exchange) }
            if stage != .head { try fields.checkBody(exchange.request) }
            return .pass
        } catch {
            return .refuse(Refusal(Problem(status: 400), rule: error.rule.rawValue, reason: error.reason, severity: .medium))
        }
    }

    private func checkHead(_ exchange: Exchange) throws(ProtocolFinding) {
        let hasEmptySegments = try target.check(exchange.request)
        try fields.check(exchange.request)
        if hasEmptySegments, !settings.allowsEmptySegments { mergeSegments(exchange) }
    }

    private func refuseMethod(_ method: HTTPMethod) -> Verdict {
        .refuse(
            Refusal(
                Problem(status: 405), rule: ProtocolRule.method.rawValue, reason: "method `\(method.name)` is not let through",
                fields: [("allow", allow)]))
    }

    private func mergeSegments(_ exchange: Exchange) {
        exchange.record(
            Decision(
                guardName: name, rule: ProtocolRule.emptySegment.rawValue, outcome: .modify, mode: settings.mode,
                reason: "empty segments of the path are merged"))
        if settings.mode == .enforce { exchange.request.setTarget(TargetRules.merged(exchange.request)) }
    }
}
