public import GatehouseConfiguration
internal import GatehouseCore
internal import HTTPWire

/// Hygiene of targets and fields beyond framing: what a backend may read differently than we do does not reach it.
///
/// Refuses: with 400 the forms that ``ProtocolRule`` names, with 405 methods that the route does not take. Empty path segments are
/// merged. Cost: one pass over target and names.
public struct ProtocolGuard: Guard {
    /// The name in the configuration and in events.
    public let name = "protocol"
    /// The phases that it wants.
    public let phases: GuardPhases = .requestHead

    private let settings: ProtocolGuardSettings
    private let methods: Set<HTTPMethod>
    private let allow: String
    private let target: TargetRules
    private let fields: FieldRules

    /// Compiles the rules of a route.
    public init(_ settings: ProtocolGuardSettings) {
        self.settings = settings
        methods = Set(settings.methods.map { HTTPMethod($0.name) })
        allow = settings.methods.map(\.name).joined(separator: ", ")
        target = TargetRules(allowsEncodedSlashes: settings.allowsEncodedSlashes)
        fields = FieldRules(allowsUnderscores: settings.allowsUnderscores)
    }

    /// Checks method, target and fields.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        guard methods.contains(exchange.request.method) else { return refuseMethod(exchange.request.method) }
        do throws(ProtocolFinding) {
            let hasEmptySegments = try target.check(exchange.request)
            try fields.check(exchange.request)
            if hasEmptySegments, !settings.allowsEmptySegments { mergeSegments(exchange) }
            return .pass
        } catch {
            return .refuse(Refusal(Problem(status: 400), rule: error.rule.rawValue, reason: error.reason, severity: .medium))
        }
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
