internal import GatehouseConfiguration
internal import GatehouseCore
public import GatehouseGuards
internal import HTTPWire
internal import NIOCore
internal import OpenAPI

extension OpenAPIGuard {
    /// Judges status, headers and media type.
    public func responseHead(_ exchange: Exchange) -> Verdict {
        guard exchange.origin == .upstream, var state = exchange[Self.slot], let operation = state.operation else { return .pass }
        let response = exchange.response
        let hasBody: Bool? = exchange.request.method == .head ? nil : response.framing.hasBytes ?? true
        let verdict = validator.validateResponseHead(
            to: operation, status: response.status, headers: FieldLookup(fields: response.fields), hasBody: hasBody)
        switch verdict {
        case .decided(let verdict): return judged(verdict, operation, exchange)
        case .needsBody:
            state.awaitsAnswer = true
            exchange[Self.slot] = state
            exchange.needsResponseBody(BodyDemand(limit: settings.responseBodyLimit.bytes, refusesLonger: false))
            return .pass
        }
    }

    /// Judges the body.
    public func responseBody(_ exchange: Exchange) -> Verdict {
        guard let state = exchange[Self.slot], state.awaitsAnswer, let operation = state.operation else { return .pass }
        guard !exchange.responseBodyIsBeginning else {
            traffic.countUnread()
            return .pass
        }
        let verdict = validator.validateResponse(
            to: operation, status: exchange.response.status, headers: FieldLookup(fields: exchange.response.fields),
            body: Array(exchange.responseBody.readableBytesView))
        return judged(verdict, operation, exchange)
    }

    private func judged(_ verdict: ResponseVerdict, _ operation: OpenAPIOperation, _ exchange: Exchange) -> Verdict {
        let mode = mode(settings.responses, exchange)
        let isError = isUndocumentedError(verdict, exchange)
        note(traffic.record(verdict, of: operation, mode, counts: !isError), operation, exchange, mode)
        guard !verdict.isValid, !isError else { return .pass }
        if mode == .enforce, exchange.maskedBody.isEmpty {
            exchange.maskedBody = String(decoding: exchange.responseBody.readableBytesView.prefix(64 * 1024), as: UTF8.self)
        }
        return carryOut(ResponseRefusal.refusal(of: verdict, operation, status: exchange.response.status), mode, exchange)
    }

    /// A 5xx that nobody documents is an error as any other: it is listed, and its body is the errors guard's to mask.
    private func isUndocumentedError(_ verdict: ResponseVerdict, _ exchange: Exchange) -> Bool {
        exchange.response.status >= 500 && verdict.issues.contains { $0.location == .status }
    }
}

/// The problem in place of a broken answer.
enum ResponseRefusal {
    /// 502; the caller learns nothing of what was broken.
    static func refusal(of verdict: ResponseVerdict, _ operation: OpenAPIOperation, status: Int) -> Refusal {
        let first = verdict.issues.first
        return Refusal(
            Problem(status: 502), rule: "response_\(first?.location.rawValue ?? "body").\(first?.keyword ?? "response")",
            reason: "answer to \(operation.method) \(operation.path): \(first?.description ?? "not as documented")", severity: .medium,
            evidence: [
                ("operation", "\(operation.method) \(operation.path)"), ("upstream_status", String(status)),
                ("issues", verdict.issues.map(\.description).joined(separator: "; ")), ("schema", first?.schemaPointer ?? ""),
            ])
    }
}
