/// Rules between the fields of one object that a list of fields cannot say.
struct GrammarChecks {
    struct Fault {
        var node: Node?
        let reason: String
    }

    let version: OpenAPIVersion

    func check(_ kind: ObjectKind, _ mapping: Mapping) -> Fault? {
        switch kind {
        case .parameter: parameter(mapping)
        case .responses where version >= .v31: responses(mapping)
        case .pathItem where version >= .v32, .operation where version >= .v32: querystrings(mapping)
        default: nil
        }
    }

    private func parameter(_ mapping: Mapping) -> Fault? {
        guard mapping["in"]?.string == "path" else { return nil }
        guard let required = mapping["required"], required.bool == true else {
            return Fault(node: mapping["required"], reason: "a path parameter is always there: `required` must be `true`")
        }
        guard version >= .v31, mapping["schema"] != nil, let name = mapping["name"], let text = name.string else { return nil }
        let forbidden: [UInt8] = Array((version >= .v32 ? "{}" : "/#?").utf8)
        let isWrong =
            version >= .v32 ? text.isEmpty || text.utf8.contains(where: forbidden.contains) : text.utf8.last.map(forbidden.contains) ?? true
        return isWrong ? Fault(node: name, reason: "`\(text.prefix(80))` cannot name a path parameter") : nil
    }

    /// 3.1, Responses Object: at least one response code, or `default`.
    private func responses(_ mapping: Mapping) -> Fault? {
        let hasCode = mapping.entries.contains { StatusPattern($0.key) != nil || $0.key == "default" }
        return hasCode ? nil : Fault(reason: "a Responses Object needs `default` or a status code")
    }

    /// 3.2, Parameter Locations: `querystring` at most once, and never beside `query`.
    private func querystrings(_ mapping: Mapping) -> Fault? {
        let places = (mapping["parameters"]?.items ?? []).map { $0["in"]?.string }
        let whole = places.count { $0 == "querystring" }
        if whole > 1 { return Fault(node: mapping["parameters"], reason: "only one parameter can be the whole query string") }
        guard whole == 1, places.contains("query") else { return nil }
        return Fault(node: mapping["parameters"], reason: "`querystring` and `query` parameters exclude each other")
    }
}
