@testable import OpenAPI

/// A description with one path, `/x`, from the YAML of its operations, indented by four.
func validator(
    _ operations: String, components: String = "", version: String = "3.1.1", servers: String = "",
    options: OpenAPIOptions = OpenAPIOptions()
) throws -> OpenAPIValidator {
    var text = "openapi: \(version)\ninfo: {title: t, version: '1'}\n\(servers)paths:\n  /x:\n"
    text += operations.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }.joined(separator: "\n") + "\n"
    if !components.isEmpty {
        text +=
            "components:\n" + components.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
            + "\n"
    }
    return try OpenAPIValidator(name: "test.yaml", bytes: Array(text.utf8), options: options)
}

extension OpenAPIValidator {
    func get(_ target: String, _ headers: HeaderList = [:]) -> RequestVerdict {
        validate(RequestHead(method: "GET", target: target, headers: headers), body: [])
    }

    func post(_ body: String, _ type: String = "application/json", target: String = "/x", headers: [(String, String)] = [])
        -> RequestVerdict
    {
        validate(
            RequestHead(method: "POST", target: target, headers: HeaderList([("Content-Type", type)] + headers)), body: Array(body.utf8))
    }
}

/// Short texts of the issues: place, name, pointer and keyword.
func keys(_ verdict: RequestVerdict) -> [String] { verdict.issues.map(\.key) }

extension OpenAPIIssue {
    var key: String { [location.rawValue, name, pointer, keyword].filter { !$0.isEmpty }.joined(separator: " ") }
}
