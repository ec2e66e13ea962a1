internal import GatehouseConfiguration
internal import GatehouseCore
internal import HTTPWire

/// The lines of one kind of answer, written out beforehand.
final class HeaderPlan: Sendable {
    /// One header of the plan: its lines and how the service's own value is joined with ours.
    struct Entry: Sendable {
        var field: KnownField
        var value: String
        var merge: HeaderMerge
    }

    /// The kind of answer.
    let kind: ContentKind
    /// Each header that is set.
    let entries: [Entry]
    /// Names of the headers that are set, or whose lines are taken off and joined.
    let managed: KnownFieldSet
    /// All lines on TLS.
    let secureLines: FieldBlock
    /// All lines on a plain connection: no Strict-Transport-Security.
    let plainLines: FieldBlock
    /// What is put as Cache-Control where the service says nothing; `nil`: nothing.
    let cache: FieldBlock?
    /// The policy that is only tried, for pages that have none of their own; `nil`: nothing.
    let trial: FieldBlock?

    /// Works out the lines for a kind of answer.
    init(_ kind: ContentKind, _ settings: HeadersGuardSettings) {
        self.kind = kind
        var entries: [Entry] = [Entry(field: .xContentTypeOptions, value: "nosniff", merge: .replace)]
        let isConfigured = if case .text = settings.csp { true } else { false }
        var trial: FieldBlock?
        for rule in PresetRule.all {
            guard let entry = rule.entry(kind, settings) else { continue }
            if rule.field == .contentSecurityPolicyReportOnly, settings.cspReportOnly == .preset {
                trial = isConfigured ? nil : Self.lines([entry])
            } else {
                entries.append(entry)
            }
        }
        self.trial = trial
        let preset = kind == .api || kind == .download
        switch settings.cache {
        case .preset: cache = preset ? Self.lines([Entry(field: .cacheControl, value: "no-store", merge: .keep)]) : nil
        case .off: cache = nil
        case .text(let text): cache = Self.lines([Entry(field: .cacheControl, value: text, merge: .keep)])
        }
        plainLines = Self.lines(entries)
        if settings.hsts.isOn { entries.append(Entry(field: .strictTransportSecurity, value: settings.hsts.text, merge: .longestHSTS)) }
        secureLines = Self.lines(entries)
        self.entries = entries
        managed = KnownFieldSet(entries.map(\.field))
    }

    private static func lines(_ entries: [Entry]) -> FieldBlock {
        var block = FieldBlock()
        for entry in entries { block.append(entry.field, entry.value) }
        return block
    }
}

/// One configurable header: the preset's value by kind of answer, and how it is joined with the service's own.
private struct PresetRule {
    var field: KnownField
    var policy: KeyPath<HeadersGuardSettings, HeaderPolicy>?
    var merge: HeaderMerge
    var preset: (ContentKind) -> String?

    func entry(_ kind: ContentKind, _ settings: HeadersGuardSettings) -> HeaderPlan.Entry? {
        switch policy.map({ settings[keyPath: $0] }) ?? .preset {
        case .preset: preset(kind).map { HeaderPlan.Entry(field: field, value: $0, merge: merge) }
        case .off: nil
        case .text(let text): HeaderPlan.Entry(field: field, value: text, merge: .replace)
        }
    }

    static var all: [PresetRule] {
        [
            PresetRule(field: .contentSecurityPolicy, policy: \.csp, merge: .intersectPolicies) { kind in
                kind == .api || kind == .download ? "default-src 'none'; frame-ancestors 'none'" : nil
            },
            PresetRule(field: .contentSecurityPolicyReportOnly, policy: \.cspReportOnly, merge: .keep) { kind in
                kind == .html ? pageTrial : nil
            },
            PresetRule(field: .referrerPolicy, policy: \.referrerPolicy, merge: .stricter(HeaderRanking.referrerPolicy)) { kind in
                kind == .api || kind == .download ? "no-referrer" : "strict-origin-when-cross-origin"
            },
            PresetRule(field: .xFrameOptions, policy: \.frameOptions, merge: .stricter(HeaderRanking.frameOptions)) { kind in
                kind == .asset ? nil : "DENY"
            },
            PresetRule(
                field: .crossOriginResourcePolicy, policy: \.corp, merge: .stricter(HeaderRanking.resourcePolicy)
            ) { _ in "same-origin" },
            PresetRule(field: .crossOriginOpenerPolicy, policy: \.coop, merge: .stricter(HeaderRanking.openerPolicy)) { kind in
                kind == .asset ? nil : "same-origin"
            },
            PresetRule(field: .crossOriginEmbedderPolicy, policy: \.coep, merge: .stricter(HeaderRanking.embedderPolicy)) { kind in
                kind == .api || kind == .download ? "require-corp" : nil
            },
            PresetRule(field: .permissionsPolicy, policy: \.permissionsPolicy, merge: .joinFeatures) { kind in
                kind == .asset ? nil : powerfulFeaturesOff
            },
            PresetRule(field: .originAgentCluster, policy: nil, merge: .keep) { kind in kind == .asset ? nil : "?1" },
            PresetRule(field: .xPermittedCrossDomainPolicies, policy: nil, merge: .replace) { _ in "none" },
        ]
    }

    /// What a careful page would allow; sent as report-only until the operator sets `csp`.
    static let pageTrial =
        "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"

    static let powerfulFeaturesOff =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), "
        + "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=()"
}

extension HSTS {
    /// The value of the field.
    var text: String {
        var text = "max-age=\(maxAge.components.seconds)"
        if includesSubdomains || preload { text += "; includeSubDomains" }
        if preload { text += "; preload" }
        return text
    }
}
