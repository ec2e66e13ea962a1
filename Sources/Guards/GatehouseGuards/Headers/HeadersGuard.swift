public import GatehouseConfiguration
internal import GatehouseCore
internal import HTTPWire

/// Puts security headers on every answer, one line each, and hardens the cookies that it sets.
///
/// The answer's kind (data, page, part of a page, download) chooses the set; what the service says itself is kept where it is
/// stricter. Works in `finalHead`, so errors, redirects, 304, upgrades and the house's own answers carry the set too.
/// Cost: one pass over the lines and one copy of the prepared ones, about a microsecond, when the service says nothing itself.
public struct HeadersGuard: Guard {
    /// The name in the configuration and in events.
    public let name = "headers"
    /// The phases that it wants.
    public let phases: GuardPhases

    private let plans: [HeaderPlan]
    private let kindOverride: ContentKind?
    private let removed: FieldNameSet
    private let set: FieldBlock
    private let cookies: CookieHardener?
    private let managesHSTS: Bool
    private let merged = MergeCache()

    /// Prepares the lines of each kind of answer from the settings of a route.
    public init(_ settings: HeadersGuardSettings) {
        plans = ContentKind.allCases.map { HeaderPlan($0, settings) }
        kindOverride =
            switch settings.preset {
            case .auto: nil
            case .api: .api
            case .html: .html
            }
        var set = FieldBlock()
        for line in settings.set { set.append(line.name.name, line.value) }
        self.set = set
        let fingerprints = settings.removesFingerprints ? Fingerprints.names : []
        removed = FieldNameSet(fingerprints + settings.remove.map(\.name) + settings.set.map(\.name.name))
        cookies = settings.cookies.isOn ? CookieHardener(settings.cookies) : nil
        managesHSTS = settings.hsts.isOn
        let renames = settings.cookies.isOn && settings.cookies.hostPrefix && settings.mode == .enforce
        phases = renames ? [.requestHead, .finalHead] : [.finalHead]
    }

    /// Gives the service its cookies under the names that it knows.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        if exchange.request.fields.contains(.cookie) { CookieHardener.restoreNames(&exchange.request.fields) }
        return .pass
    }

    /// Changes the lines of the answer.
    public func finalHead(_ exchange: Exchange) {
        var present = exchange.response.fields.removeAll(in: removed)
        let plan = plans[kind(exchange, present).rawValue]
        if !exchange.isSecure, managesHSTS, present.contains(.strictTransportSecurity) {
            exchange.response.fields.remove(.strictTransportSecurity)
            present.remove(.strictTransportSecurity)
        }
        if present.isDisjoint(with: plan.managed) {
            exchange.response.fields.append(contentsOf: exchange.isSecure ? plan.secureLines : plan.plainLines)
        } else {
            merge(plan, present, exchange)
        }
        if let trial = plan.trial, present.isDisjoint(with: [.contentSecurityPolicy, .contentSecurityPolicyReportOnly]) {
            exchange.response.fields.append(contentsOf: trial)
        }
        if let cache = plan.cache, !present.contains(.cacheControl), Self.isCacheable(exchange.response.status) {
            exchange.response.fields.append(contentsOf: cache)
        }
        if set.count > 0 { exchange.response.fields.append(contentsOf: set) }
        if let cookies, present.contains(.setCookie) {
            cookies.harden(&exchange.response.fields, isSecure: exchange.isSecure)
        }
    }

    private func kind(_ exchange: Exchange, _ present: KnownFieldSet) -> ContentKind {
        // our own problem pages load nothing, so they get the strict set; pages of the house's services bring a policy of their own
        if exchange.origin == .gatehouse, exchange.response.status >= 400, !present.contains(.contentSecurityPolicy) { return .api }
        if let kindOverride, kindOverride == .api { return .api }
        let kind = ContentKind(exchange, present)
        return kindOverride != nil && kind == .api ? .html : kind
    }

    private func merge(_ plan: HeaderPlan, _ present: KnownFieldSet, _ exchange: Exchange) {
        for (number, entry) in plan.entries.enumerated() {
            if entry.field == .strictTransportSecurity, !exchange.isSecure { continue }
            guard present.contains(entry.field) else {
                exchange.response.fields.append(entry.field, entry.value)
                continue
            }
            let theirs = exchange.response.fields.values(of: entry.field)
            let value = merged.value(header: plan.kind.rawValue * 64 + number, theirs: theirs) { entry.merge.join($0, entry.value) }
            exchange.response.fields.set(entry.field, value)
        }
    }

    /// Permanent redirects are meant to be remembered, and a 304 must not change what a cache holds.
    private static func isCacheable(_ status: Int) -> Bool {
        switch status {
        case 101, 301, 304, 308: false
        default: true
        }
    }
}
