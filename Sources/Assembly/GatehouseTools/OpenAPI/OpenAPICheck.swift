public import OpenAPI

/// Says what an OpenAPI description was understood to mean.
public struct OpenAPICheck {
    /// Whether every operation gets a line.
    public var listsOperations = false
    /// Whether warnings are printed.
    public var listsWarnings = true
    /// What is done beyond the document's words.
    public var options = OpenAPIOptions()

    /// A check that prints warnings and no operations.
    public init() {}

    /// Loads one description and describes it.
    ///
    /// - Returns: lines to print.
    /// - Throws: what ``OpenAPIFiles/load(_:options:)`` throws.
    public func describe(_ path: String) throws -> [String] {
        let api = try OpenAPIFiles.load(path, options: options)
        var lines = ["\(path): ok: OpenAPI \(api.version.rawValue), `\(api.title)` \(api.documentVersion)"]
        lines.append(
            "  \(count(api.files.count, "file")), \(count(Set(api.operations.map(\.path)).count, "path")), "
                + "\(count(api.operations.count, "operation")), \(count(api.schemaCount, "schema")), \(count(api.warnings.count, "warning"))"
        )
        for scheme in api.securitySchemes { lines.append("  security \(scheme.name): \(Self.text(scheme.kind))") }
        if listsOperations { lines += api.operations.map(line) }
        if listsWarnings { lines += api.warnings.map { "  warning: \($0)" } }
        return lines
    }

    private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    private func line(_ operation: OpenAPIOperation) -> String {
        var parts = ["  \(operation.method) \(operation.path)"]
        if !operation.parameters.isEmpty { parts.append("(" + operation.parameters.joined(separator: ", ") + ")") }
        if !operation.requestTypes.isEmpty { parts.append("takes " + operation.requestTypes.joined(separator: ", ")) }
        parts.append("answers " + (operation.responses.isEmpty ? "nothing" : operation.responses.joined(separator: ", ")))
        let security = operation.security.map { $0.isEmpty ? "nobody" : $0.joined(separator: " and ") }
        if !security.isEmpty { parts.append("asks for " + security.joined(separator: " or ")) }
        if operation.isDeprecated { parts.append("deprecated") }
        return parts.joined(separator: " ")
    }

    private static func text(_ kind: SecurityScheme.Kind) -> String {
        switch kind {
        case .headerKey(let name): "header `\(name)`"
        case .queryKey(let name): "query parameter `\(name)`"
        case .cookieKey(let name): "cookie `\(name)`"
        case .http(let scheme): "HTTP \(scheme)"
        case .oauth2: "OAuth 2 bearer token"
        case .openIDConnect: "OpenID Connect bearer token"
        case .mutualTLS: "client certificate"
        case .undefined: "not defined"
        }
    }
}
