/// Security Scheme Objects, whose fields depend on `type`, and OAuth flows.
extension Grammar {
    static func securityScheme(_ mapping: Mapping, _ version: OpenAPIVersion) -> Shape {
        let types = ["apiKey", "http", "oauth2", "openIdConnect"] + (version >= .v31 ? ["mutualTLS"] : [])
        var shape = Shape(fields: ["type": .oneOf(types), "description": .string], required: ["type"])
        if version >= .v32 { shape.fields["deprecated"] = .bool }
        switch mapping["type"]?.string {
        case "apiKey":
            shape.fields["name"] = .string
            shape.fields["in"] = .oneOf(["query", "header", "cookie"])
            shape.required += ["name", "in"]
        case "http":
            shape.fields["scheme"] = .string
            shape.required.append("scheme")
            if let scheme = mapping["scheme"]?.string, ASCII.equalsIgnoringCase(scheme.utf8, "bearer".utf8) {
                shape.fields["bearerFormat"] = .string
            }
        case "oauth2":
            shape.fields["flows"] = .object(.oauthFlows)
            shape.required.append("flows")
            if version >= .v32 { shape.fields["oauth2MetadataUrl"] = .string }
        case "openIdConnect":
            shape.fields["openIdConnectUrl"] = .string
            shape.required.append("openIdConnectUrl")
        default: break
        }
        return shape
    }

    static func flowShapes(_ version: OpenAPIVersion) -> [ObjectKind: Shape] {
        var flows = Shape(fields: [
            "implicit": .object(.implicitFlow), "password": .object(.passwordFlow),
            "clientCredentials": .object(.clientCredentialsFlow), "authorizationCode": .object(.authorizationCodeFlow),
        ])
        if version >= .v32 { flows.fields["deviceAuthorization"] = .object(.deviceAuthorizationFlow) }
        return [
            .oauthFlows: flows,
            .implicitFlow: flow("authorizationUrl"),
            .passwordFlow: flow("tokenUrl"),
            .clientCredentialsFlow: flow("tokenUrl"),
            .authorizationCodeFlow: flow("authorizationUrl", "tokenUrl"),
            .deviceAuthorizationFlow: flow("deviceAuthorizationUrl", "tokenUrl"),
        ]
    }

    private static func flow(_ urls: String...) -> Shape {
        var shape = Shape(fields: ["refreshUrl": .string, "scopes": .map(.string)], required: urls + ["scopes"])
        for url in urls { shape.fields[url] = .string }
        return shape
    }
}
