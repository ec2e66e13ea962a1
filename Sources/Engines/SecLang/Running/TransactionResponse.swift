extension Transaction {
    /// Takes the response's status line.
    public func setStatusLine(status: Int, version: [UInt8] = Array("HTTP/1.1".utf8), reason: [UInt8] = []) {
        let versionSlice = arena.copy(version)
        let reasonSlice = arena.copy(reason)
        add(.responseStatus, arena.decimal(status))
        add(.responseProtocol, versionSlice)
        add(
            .statusLine,
            arena.write(capacity: version.count + reason.count + 24) { output in
                output.append(versionSlice)
                output.append(32)
                output.append(decimal: status)
                output.append(32)
                output.append(reasonSlice)
            })
    }

    /// Adds one response header.
    public func addResponseHeader(_ name: [UInt8], _ value: [UInt8]) {
        let nameSlice = arena.copy(name)
        let valueSlice = arena.copy(value)
        add(.responseHeaders, valueSlice, named: nameSlice)
        add(.responseHeadersNames, nameSlice, named: nameSlice)
        if nameSlice.equalsIgnoringCase("Content-Type") {
            add(.responseContentType, valueSlice)
            responseType = valueSlice.part(0, valueSlice.firstIndex(of: UInt8(ascii: ";")) ?? valueSlice.count).trimmed.text.lowercased()
        } else if nameSlice.equalsIgnoringCase("Content-Length") {
            responseLength = valueSlice.integer
        }
    }

    /// The same from text.
    public func addResponseHeader(_ name: String, _ value: String) { addResponseHeader(Array(name.utf8), Array(value.utf8)) }

    /// Phase 3.
    public func processResponseHeaders() -> Interruption? { timed { run(phase: 3) } }

    /// Whether rules want to see the response's body: it is switched on and the type is one that rules look at.
    public var wantsResponseBody: Bool {
        mode != .off && readsResponseBody && rules.settings.responseBodyTypes.contains(responseType)
    }

    /// Takes a piece of the response's body; an interruption where it grows over the limit and that is refused.
    public func appendResponseBody(_ bytes: [UInt8]) -> Interruption? {
        guard wantsResponseBody, interruption == nil, !isResponseTooLong else { return interruption }
        guard bytes.count > responseBodyLimit - responseBody.count else {
            responseBody += bytes
            return nil
        }
        responseBody += bytes.prefix(max(0, responseBodyLimit - responseBody.count))
        isResponseTooLong = true
        return tooLong(
            rules.settings.responseBodyLimitAction, "response body is over its limit of \(responseBodyLimit) bytes", phase: 4, status: 500)
    }

    /// Phase 4.
    public func processResponseBody() -> Interruption? {
        guard interruption == nil else { return interruption }
        return timed {
            if wantsResponseBody { add(.responseBody, arena.copy(responseBody)) }
            return run(phase: 4)
        }
    }

    /// Phase 5, and the end: collections are stored, the record is made.
    public func finish() -> TransactionRecord {
        defer { withExtendedLifetime(self) {} }
        let ended = interruption
        interruption = nil
        allowed = nil
        _ = timed { run(phase: 5) }
        interruption = ended
        storeCollections()
        return TransactionRecord(
            matches: visibleMatches, interruption: ended, intended: intended, inboundScore: score(rules.inboundSlots),
            inboundThreshold: inboundThreshold,
            outboundScore: score(rules.outboundSlots),
            highestSeverity: highestSeverity < 255 ? highestSeverity : nil,
            isAudited: auditMode == "on" || (auditMode == "relevantonly" && isRelevant),
            environment: environmentValues, bodyError: bodyError, limits: limits)
    }

    /// The score at which a request is refused, where the rules keep one.
    public var inboundThreshold: Int? { rules.thresholdSlot.flatMap { workspace.variables[$0]?.integer } }

    /// The first of these TX variables that is over 0.
    private func score(_ slots: [Int]) -> Int {
        for slot in slots {
            if let value = workspace.variables[slot]?.integer, value > 0 { return value }
        }
        return 0
    }

    /// The matches so far, without the values of variables that rules want to be kept out of logs (`sanitiseArg` and its like).
    public var visibleMatches: [Match] { masked.isEmpty ? matches : matches.map(withoutSecrets) }

    private func withoutSecrets(_ match: Match) -> Match {
        guard masked.contains(match.variable.lowercased()) else { return match }
        var result = match
        result.value = match.value.map { _ in UInt8(ascii: "*") }
        result.matched = match.matched.map { _ in UInt8(ascii: "*") }
        result.data = ""
        return result
    }
}
