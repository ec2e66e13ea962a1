internal import Cedar

/// What a `forbid` says to callers that could do better, in its annotations.
///
/// - `@step_up_acr("phr phrh")` and `@step_up_max_age("300")`: a stronger or fresher login would pass (RFC 9470).
/// - `@scope("orders:write")`: a token with these scopes would pass (RFC 6750, section 3.1).
struct PolicyNote: Sendable, Equatable {
    var acrValues = ""
    var maxAge = ""
    var scope = ""

    /// Reads the annotations.
    ///
    /// - Throws: ``CedarError`` where they stand on a `permit` or hold what no challenge can.
    init(_ policy: Policy) throws(CedarError) {
        acrValues = policy.annotation("step_up_acr")?.string ?? ""
        maxAge = policy.annotation("step_up_max_age")?.string ?? ""
        scope = policy.annotation("scope")?.string ?? ""
        guard !isEmpty else { return }
        guard policy.effect == .forbid else { throw CedarError(.parse, "only a `forbid` can ask for a stronger login or a scope") }
        guard (acrValues + scope).utf8.allSatisfy({ $0 >= 32 && $0 < 127 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else {
            throw CedarError(.parse, "`@step_up_acr` and `@scope` hold words of printable ASCII")
        }
        guard maxAge.isEmpty || maxAge.utf8.count <= 9 && maxAge.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw CedarError(.parse, "`@step_up_max_age` holds a number of seconds")
        }
    }

    var isEmpty: Bool { acrValues.isEmpty && maxAge.isEmpty && scope.isEmpty }
    var isStepUp: Bool { !acrValues.isEmpty || !maxAge.isEmpty }
}
