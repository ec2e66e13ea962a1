extension ModelBuilder {
    /// The operation's own requirements or else the document's.
    mutating func requirements(_ operation: DocumentSet.Place, _ root: DocumentSet.Place) -> [CompiledRequirement] {
        let owner = operation.node["security"] == nil ? root : operation
        var result: [CompiledRequirement] = []
        for alternative in owner.elements("security") {
            var schemes: [SecurityScheme] = []
            for entry in alternative.node.mapping?.entries ?? [] { schemes.append(scheme(entry.key, alternative, root)) }
            result.append(CompiledRequirement(schemes: schemes))
        }
        return result
    }

    private mutating func scheme(_ name: String, _ alternative: DocumentSet.Place, _ root: DocumentSet.Place) -> SecurityScheme {
        let named = root.field("components")?.field("securitySchemes")?.field(name)
        guard let place = named ?? (name.contains("/") ? documents.resolve(name, from: alternative.file) : nil) else {
            warn(alternative, "security scheme `\(name)` is not defined, so its credentials are not looked for")
            return SecurityScheme(name: name, kind: .undefined)
        }
        return SecurityScheme(name: name, kind: kind(of: documents.dereferenced(place).node))
    }

    private func kind(of node: Node) -> SecurityScheme.Kind {
        let name = node["name"]?.string ?? ""
        switch (node["type"]?.string, node["in"]?.string) {
        case ("apiKey", "header"): return .headerKey(name.lowercased())
        case ("apiKey", "query"): return .queryKey(name)
        case ("apiKey", "cookie"): return .cookieKey(name)
        case ("http", _): return .http((node["scheme"]?.string ?? "").lowercased())
        case ("oauth2", _): return .oauth2
        case ("openIdConnect", _): return .openIDConnect
        case ("mutualTLS", _): return .mutualTLS
        default: return .undefined
        }
    }
}
