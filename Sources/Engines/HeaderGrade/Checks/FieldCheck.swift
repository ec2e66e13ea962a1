/// The tests that look at one field each.
enum FieldCheck {
    static func contentTypeOptions(_ capture: SiteCapture) -> GradeResult {
        guard let value = capture.page?.joined("x-content-type-options") else { return .sniffingOn }
        return trim(value).lowercased() == "nosniff" ? .sniffingOff : .sniffingInvalid
    }

    static func frameOptions(_ capture: SiteCapture, _ policy: PolicyCheck) -> GradeResult {
        if policy.governsFraming { return .framingByPolicy }
        guard let value = capture.page?.joined("x-frame-options"), !value.isEmpty else { return .framingMissing }
        let word = trim(value).lowercased()
        if word == "deny" || word == "sameorigin" { return .framingDenied }
        return word.hasPrefix("allow-from") ? .framingAllowFrom : .framingInvalid
    }

    /// The last known word of header and `<meta>` counts.
    static func referrerPolicy(_ capture: SiteCapture, _ page: PageElements?) -> GradeResult {
        let header = capture.page?.values("referrer-policy") ?? []
        let meta = (page?.equivalents ?? []).filter { $0.name == "referrer-policy" }.map(\.content)
        guard !header.isEmpty || !meta.isEmpty else { return .referrerMissing }
        let words = (header + meta).flatMap { $0.split(separator: ",") }.map { trim($0).lowercased() }
        let good = ["no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"]
        let bad = ["origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"]
        guard let last = words.last(where: { good.contains($0) || bad.contains($0) }) else { return .referrerInvalid }
        return good.contains(last) ? .referrerPrivate : .referrerUnsafe
    }

    static func sharing(_ capture: SiteCapture) -> GradeResult {
        guard let preflight = capture.preflight, let allowed = preflight.values("access-control-allow-origin").first, !allowed.isEmpty
        else {
            return .sharingNone
        }
        if trim(allowed) == "*" { return .sharingPublic }
        let credentials = preflight.values("access-control-allow-credentials").first ?? ""
        let isReflected = allowed == SiteCapture.probeOrigin && trim(credentials).lowercased() == "true"
        return isReflected ? .sharingUniversal : .sharingRestricted
    }

    static func resourcePolicy(_ capture: SiteCapture) -> GradeResult {
        token(
            capture, "cross-origin-resource-policy", missing: .corpMissing, invalid: .corpInvalid,
            [
                "same-origin": .corpSameOrigin, "same-site": .corpSameSite, "cross-origin": .corpCrossOrigin,
            ])
    }

    static func embedderPolicy(_ capture: SiteCapture) -> GradeResult {
        token(
            capture, "cross-origin-embedder-policy", missing: .coepMissing, invalid: .coepInvalid,
            [
                "require-corp": .coepRequireCORP, "credentialless": .coepCredentialless, "unsafe-none": .coepUnsafeNone,
            ])
    }

    static func openerPolicy(_ capture: SiteCapture) -> GradeResult {
        token(
            capture, "cross-origin-opener-policy", missing: .coopMissing, invalid: .coopInvalid,
            [
                "same-origin": .coopSameOrigin, "same-origin-allow-popups": .coopAllowPopups,
                "noopener-allow-popups": .coopNoopenerAllowPopups, "unsafe-none": .coopUnsafeNone,
            ])
    }

    /// A structured-field token with parameters (RFC 9651, section 3.3.4): case-sensitive, on one line.
    private static func token(
        _ capture: SiteCapture, _ name: String, missing: GradeResult, invalid: GradeResult, _ known: [String: GradeResult]
    ) -> GradeResult {
        let values = capture.page?.values(name) ?? []
        guard let value = values.first, !value.isEmpty else { return missing }
        guard values.count == 1 else { return invalid }
        let parts = value.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 1 || parametersAreWhole(parts[1]) else { return invalid }
        return known[trim(parts[0])] ?? invalid
    }

    /// Parameters: keys in lower case, values that are tokens or quoted.
    private static func parametersAreWhole(_ text: Substring) -> Bool {
        text.split(separator: ";", omittingEmptySubsequences: false).allSatisfy { part in
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { trim($0) }
            guard let first = pair[0].utf8.first, first &- 0x61 < 26 || first == 0x2A else { return false }
            guard pair.count > 1 else { return true }
            return !pair[1].isEmpty && !pair[1].contains(",")
                && (!pair[1].hasPrefix("\"") || (pair[1].hasSuffix("\"") && pair[1].count > 1))
        }
    }
}
