internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import OpenAPI
internal import StrictJSON

/// Writes what a verdict is to the caller and to the log.
struct RequestRefusal {
    let settings: OpenAPIGuardSettings

    /// The refusal of a request that is not valid.
    func refusal(of verdict: RequestVerdict, _ head: OpenAPI.RequestHead, body: [UInt8], api: String) -> Refusal {
        var refusal = refusal(of: verdict)
        if let operation = verdict.operation { refusal.evidence.append(("operation", "\(operation.method) \(operation.path)")) }
        guard let first = verdict.issues.first else { return refusal }
        refusal.evidence.append(("issues", verdict.issues.map(\.description).joined(separator: "; ")))
        if !first.schemaPointer.isEmpty { refusal.evidence.append(("schema", first.schemaPointer)) }
        if settings.logsValues, let value = OffendingValue.text(of: first, head, body) { refusal.evidence.append(("value", value)) }
        return refusal
    }

    private func refusal(of verdict: RequestVerdict) -> Refusal {
        switch verdict.kind {
        case .notFound: return plain(404, "path", "the document knows no such path", "the API has no such path")
        case .methodNotAllowed(let allowed):
            let list = allowed.joined(separator: ", ")
            return plain(405, "method", "the document knows no such method here", "the path takes \(list)", [("allow", list)])
        case .unauthorized(let challenges):
            let fields = (challenges.isEmpty ? ["ApiKey"] : challenges).map { (name: "www-authenticate", value: $0) }
            return plain(401, "credentials", "the credentials that the document asks for are missing", nil, fields)
        case .notAcceptable: return plain(406, "accept", "`accept` takes none of the documented media types", nil)
        case .tooLarge(let limit): return Self.tooLong(limit: limit)
        case .unsupportedMediaType(let supported):
            let list = supported.joined(separator: ", ")
            return plain(
                415, "media_type", "media type, charset or content coding is not documented", "the operation takes \(list)",
                supported.isEmpty ? [] : [("accept", list)])
        case .badRequest, .valid: return invalid(verdict.issues)
        }
    }

    private func plain(
        _ status: Int, _ rule: String, _ reason: String, _ detail: String?, _ fields: [(name: String, value: String)] = []
    ) -> Refusal {
        Refusal(Problem(status: status, detail: detail), rule: rule, reason: reason, fields: fields)
    }

    private func invalid(_ issues: [OpenAPIIssue]) -> Refusal {
        let unreadable = [OpenAPIIssue.Keyword.syntax, OpenAPIIssue.Keyword.encoding, OpenAPIIssue.Keyword.limit]
        let isRead = !issues.contains { unreadable.contains($0.keyword) }
        let status = settings.invalidStatus == .unprocessable && isRead ? 422 : 400
        let first = issues.first
        return Refusal(
            Problem(status: status, errors: issues.map(\.violation)),
            rule: "\(first?.location.rawValue ?? "body").\(first?.keyword ?? "invalid")", reason: first?.description ?? "not as documented")
    }

    /// 413 for a body that is longer than is looked into.
    static func tooLong(limit: Int) -> Refusal {
        Refusal(Problem(status: 413), rule: "body_length", reason: "body longer than \(limit) bytes, as sent or as opened")
    }
}

extension OpenAPIIssue {
    /// What the caller may know of it.
    fileprivate var violation: Problem.Violation {
        let place = location == .body ? pointer : name + pointer
        return Problem.Violation(location: location.rawValue, pointer: place.isEmpty ? name : place, keyword: keyword, message: reason)
    }
}

/// Finds the value that broke a rule, for the log alone.
enum OffendingValue {
    private static let limit = 100
    private static let secretWords = [
        "pass", "secret", "token", "key", "auth", "credential", "pin", "cvv", "cvc", "card", "iban", "ssn", "session", "cookie", "otp",
    ]

    /// The value, cut to 100 characters; nil where there is none, or where its name sounds secret.
    static func text(of issue: OpenAPIIssue, _ head: OpenAPI.RequestHead, _ body: [UInt8]) -> String? {
        guard !soundsSecret(issue.name + issue.pointer) else { return nil }
        switch issue.location {
        case .body: return bodyValue(issue, body)
        case .query: return parameter(issue.name, in: head.query ?? "")
        case .path: return String(head.path.prefix(limit))
        case .header, .cookie, .status: return nil
        }
    }

    private static func soundsSecret(_ name: String) -> Bool {
        let lower = name.lowercased()
        return secretWords.contains { lower.contains($0) }
    }

    /// Whole objects may hold secrets deeper down, so that only scalars are shown.
    private static func bodyValue(_ issue: OpenAPIIssue, _ body: [UInt8]) -> String? {
        guard let pointer = try? JSONPointer(parsing: issue.pointer), let document = try? JSONDocument(body),
            let node = document.root[pointer], node.kind != .object, node.kind != .array
        else { return nil }
        return String(node.value.serialized().prefix(limit))
    }

    private static func parameter(_ name: String, in query: String) -> String? {
        let pair = query.split(separator: "&").first { $0.split(separator: "=", maxSplits: 1).first.map(String.init) == name }
        return pair?.split(separator: "=", maxSplits: 1).dropFirst().first.map { String($0.prefix(limit)) }
    }
}
