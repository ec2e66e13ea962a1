internal import GatehouseConfiguration
internal import GatehouseCore
public import GatehouseGuards
internal import HTTPWire
internal import NIOCore
internal import OpenAPI

extension OpenAPIGuard {
    /// Judges route, method, credentials, parameters and media type.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        let mode = mode(settings.requests, exchange)
        guard mode != .off else {
            exchange[Self.slot] = ValidationState(operation: validator.operation(of: reader.head(of: exchange)))
            return .pass
        }
        let head = cleaned(reader.head(of: exchange), exchange, mode)
        switch exchange.request.framing.hasBytes {
        case false?: return judged(validator.validate(head, body: []), head, exchange, mode)
        case nil where !exchange.request.fields.contains(.contentType):
            exchange[Self.slot] = ValidationState(awaitsAnyBody: true)
            demand(settings.bodyLimit.bytes, exchange, mode)
            return .pass
        default: return judged(validator.validateHead(head, hasBody: true), head, exchange, mode)
        }
    }

    /// Judges the body.
    public func requestBody(_ exchange: Exchange) -> Verdict {
        guard var state = exchange[Self.slot], state.pending != nil || state.awaitsAnyBody else { return .pass }
        let mode = mode(settings.requests, exchange)
        guard !exchange.requestBodyIsBeginning else {
            traffic.countUnread()
            return carryOut(RequestRefusal.tooLong(limit: settings.bodyLimit.bytes), mode, exchange)
        }
        let pending = state.pending
        state.pending = nil
        state.awaitsAnyBody = false
        state.hasReadBody = mode == .enforce
        exchange[Self.slot] = state
        let head = reader.head(of: exchange)
        let sent = Array(exchange.requestBody.readableBytesView)
        let changed = steps.isEmpty ? SanitizedRequest() : validator.sanitize(head, body: sent, by: steps)
        let verdict = self.verdict(on: changed.body ?? sent, pending, head, changed)
        let decision = judged(verdict, head, exchange, mode, body: changed.body ?? sent)
        if case .pass = decision { send(changed, exchange, mode) }
        return decision
    }

    private func verdict(
        on body: [UInt8], _ pending: PendingBody?, _ head: OpenAPI.RequestHead, _ changed: SanitizedRequest
    ) -> RequestVerdict {
        guard let pending, !body.isEmpty, !changed.dropsContentEncoding else {
            return validator.validate(changed.dropsContentEncoding ? head.withoutCoding : head, body: body)
        }
        return pending.needsBytes ? validator.validateBody(body, of: pending) : validator.validateBodyLength(body.count, of: pending)
    }

    // MARK: Deciding

    private func judged(_ verdict: HeadVerdict, _ head: OpenAPI.RequestHead, _ exchange: Exchange, _ mode: GuardMode) -> Verdict {
        switch verdict {
        case .decided(let verdict): return judged(verdict, head, exchange, mode)
        case .needsBody(let pending):
            if !pending.needsBytes, let count = length(exchange, pending) {
                return judged(validator.validateBodyLength(count, of: pending), head, exchange, mode)
            }
            exchange[Self.slot] = ValidationState(operation: pending.operation, pending: pending)
            let limit = pending.needsBytes ? settings.bodyLimit.bytes : pending.maximumLength ?? settings.bodyLimit.bytes
            demand(limit, exchange, mode)
            return .pass
        }
    }

    /// The length of a body whose bytes nobody looks at; nil where it must be counted because the document limits it.
    private func length(_ exchange: Exchange, _ pending: PendingBody) -> Int? {
        exchange.request.framing.length ?? (pending.maximumLength == nil ? 1 : nil)
    }

    private func judged(
        _ verdict: RequestVerdict, _ head: OpenAPI.RequestHead, _ exchange: Exchange, _ mode: GuardMode, body: [UInt8] = []
    ) -> Verdict {
        var state = exchange[Self.slot] ?? ValidationState()
        state.operation = verdict.operation
        exchange[Self.slot] = state
        let isLet = lets(verdict)
        note(traffic.record(verdict, of: head, isLet ? .report : mode), verdict.operation, exchange, mode)
        guard !verdict.isValid else { return .pass }
        let writer = RequestRefusal(settings: settings)
        let refusal = writer.refusal(of: verdict, head, body: body, api: validator.title)
        return carryOut(refusal, isLet ? .report : mode, exchange)
    }

    /// True for paths and methods that are only to be listed.
    private func lets(_ verdict: RequestVerdict) -> Bool {
        guard settings.undocumented == .report else { return false }
        switch verdict.kind {
        case .notFound, .methodNotAllowed: return true
        default: return false
        }
    }

    /// A guard that only reports never makes a body too long.
    private func demand(_ limit: Int, _ exchange: Exchange, _ mode: GuardMode) {
        exchange.needsRequestBody(RequestBodyDemand(limit: limit, longer: mode == .enforce ? .refuse : .beginning))
    }

    // MARK: Sanitizing

    /// The head as it will be judged; in `enforce` the request itself is changed.
    private func cleaned(_ head: OpenAPI.RequestHead, _ exchange: Exchange, _ mode: GuardMode) -> OpenAPI.RequestHead {
        guard !steps.isEmpty else { return head }
        let changed = validator.sanitize(head, body: [], by: steps)
        guard !changed.changes.isEmpty else { return head }
        record(changed, exchange, mode)
        var cleaned = head
        if let query = changed.query { cleaned.query = query.isEmpty ? nil : query }
        var request = exchange.request
        for field in changed.addedHeaders { request.fields.append(field.name, field.value) }
        cleaned.headers = FieldLookup(fields: request.fields)
        if let query = changed.query {
            request.setTarget(Array(request.pathBytes) + (query.isEmpty ? [] : [UInt8(ascii: "?")] + Array(query.utf8)))
        }
        if mode == .enforce { exchange.request = request }
        return cleaned
    }

    /// Puts the new body in place of the client's.
    private func send(_ changed: SanitizedRequest, _ exchange: Exchange, _ mode: GuardMode) {
        guard let body = changed.body else { return }
        record(changed, exchange, mode)
        guard mode == .enforce else { return }
        exchange.requestBody = ByteBuffer(bytes: body)
        if changed.dropsContentEncoding { exchange.request.fields.remove(.contentEncoding) }
        for name in ["content-digest", "repr-digest", "digest", "content-md5"] { exchange.request.fields.remove(named: name) }
    }

    private func record(_ changed: SanitizedRequest, _ exchange: Exchange, _ mode: GuardMode) {
        let shown = changed.changes.prefix(20).map(\.description).joined(separator: ", ")
        exchange.record(
            Decision(
                guardName: name, rule: "sanitize", outcome: .modify, mode: mode,
                reason: "\(changed.changes.count) change\(changed.changes.count == 1 ? "" : "s") to the request",
                severity: .informational, evidence: [("changes", shown)]))
        traffic.countSanitized()
    }
}

extension OpenAPI.RequestHead {
    /// The same head of a body that was opened.
    fileprivate var withoutCoding: OpenAPI.RequestHead {
        guard let lookup = headers as? FieldLookup else { return self }
        var fields = lookup.fields
        fields.remove(.contentEncoding)
        var head = self
        head.headers = FieldLookup(fields: fields)
        return head
    }
}
