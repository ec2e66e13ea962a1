public import OpenAPI
import StrictJSON

/// Judges requests and responses that are written as JSON lines.
///
/// `{"method":"POST","target":"/pets?x=1","headers":{"Content-Type":"application/json"},"body":"{}"}` is answered by
/// `{"verdict":"badRequest","status":400,"operation":…,"issues":[…],"undocumented":[…]}`. With `"response":{"status":200,"headers":{},"body":""}`
/// the response is judged too and the answer has a `response` of its own.
public struct OpenAPIJudge {
    private let api: OpenAPIValidator

    /// A judge by one description.
    public init(_ api: OpenAPIValidator) { self.api = api }

    /// The answer to one line; a line that is no request is answered by `{"error":…}`.
    public func answer(_ line: String) -> String {
        guard let request = try? JSONValue(parsing: line), let method = request["method"]?.string, let target = request["target"]?.string
        else {
            return #"{"error":"a line is an object with `method` and `target`"}"#
        }
        let head = RequestHead(method: method, target: target, headers: headers(request["headers"]))
        let verdict = api.validate(head, body: bytes(request["body"]))
        var answer = JSONObject()
        answer["verdict"] = .string(verdict.kind.name)
        answer["status"] = verdict.status.map { JSONValue($0) } ?? .null
        answer["operation"] = verdict.operation.map { .string("\($0.method) \($0.path)") } ?? .null
        answer["issues"] = .array(verdict.issues.map(Self.json))
        answer["undocumented"] = .array(verdict.undocumented.map { .string($0.description) })
        if let response = request["response"], let operation = verdict.operation { answer["response"] = judge(response, operation) }
        return JSONValue.object(answer).serialized()
    }

    private func judge(_ response: JSONValue, _ operation: OpenAPIOperation) -> JSONValue {
        let body = response["body"].map { bytes($0) }
        let status = Int(response["status"]?.int64 ?? 200)
        let verdict = api.validateResponse(to: operation, status: status, headers: headers(response["headers"]), body: body)
        return ["verdict": verdict.isValid ? "valid" : "responseMismatch", "issues": .array(verdict.issues.map(Self.json))]
    }

    /// An object of texts, or an array of pairs where names repeat.
    private func headers(_ value: JSONValue?) -> HeaderList {
        if let pairs = value?.array {
            return HeaderList(pairs.compactMap { pair in pair[0]?.string.flatMap { name in pair[1]?.string.map { (name, $0) } } })
        }
        return HeaderList((value?.object?.members ?? []).compactMap { member in member.value.string.map { (member.key, $0) } })
    }

    /// Text, or `{"hex":"…"}` for other bytes.
    private func bytes(_ value: JSONValue?) -> [UInt8] {
        if let text = value?.string { return Array(text.utf8) }
        let digits = Array((value?["hex"]?.string ?? "").utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) ?? 0
        }
    }

    private static func json(_ issue: OpenAPIIssue) -> JSONValue {
        [
            "in": .string(issue.location.rawValue), "name": .string(issue.name), "pointer": .string(issue.pointer),
            "schema": .string(issue.schemaPointer), "keyword": .string(issue.keyword), "reason": .string(issue.reason),
        ]
    }
}
