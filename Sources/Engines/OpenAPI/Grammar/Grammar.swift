/// The objects of one version of the specification with their fields.
struct Grammar: Sendable {
    let version: OpenAPIVersion
    private let shapes: [ObjectKind: Shape]

    init(_ version: OpenAPIVersion) {
        self.version = version
        shapes = Grammar.shapes(version)
    }

    /// The shape of an object; of a Security Scheme by its `type`, of a Parameter by its `in`.
    func shape(of kind: ObjectKind, _ mapping: Mapping) -> Shape {
        switch kind {
        case .securityScheme: Grammar.securityScheme(mapping, version)
        case .parameter: Grammar.parameter(mapping, version)
        case .header: Grammar.header(mapping, version)
        default: shapes[kind] ?? Shape(fields: [:], isOpen: true)
        }
    }

    static let fixedMethods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    private static func shapes(_ version: OpenAPIVersion) -> [ObjectKind: Shape] {
        var shapes = documentShapes(version)
        shapes.merge(pathShapes(version)) { first, _ in first }
        shapes.merge(contentShapes(version)) { first, _ in first }
        shapes.merge(flowShapes(version)) { first, _ in first }
        shapes[.components] = components(version)
        shapes[.schema30] = schema30
        shapes[.discriminator] = Shape(
            fields: ["propertyName": .string, "mapping": .map(.string)], required: ["propertyName"], isOpen: true)
        shapes[.xml] = Shape(fields: [
            "name": .string, "namespace": .string, "prefix": .string, "attribute": .bool, "wrapped": .bool,
        ])
        return shapes
    }
}

// MARK: Document, info, servers, tags

extension Grammar {
    private static func documentShapes(_ version: OpenAPIVersion) -> [ObjectKind: Shape] {
        let isModern = version >= .v31
        var root = Shape(
            fields: [
                "openapi": .string, "info": .object(.info), "servers": .array(.object(.server)), "paths": .object(.paths),
                "components": .object(.components), "security": .array(securityRequirement),
                "tags": .array(.object(.tag), unique: !isModern), "externalDocs": .object(.externalDocumentation),
            ], required: isModern ? ["openapi", "info"] : ["openapi", "info", "paths"])
        if isModern {
            root.fields["jsonSchemaDialect"] = .string
            root.fields["webhooks"] = .map(.objectOrReference(.pathItem))
            root.needsOneOf = [["paths", "components", "webhooks"]]
        }
        if version >= .v32 { root.fields["$self"] = .string }
        var info = Shape(
            fields: [
                "title": .string, "description": .string, "termsOfService": .string, "contact": .object(.contact),
                "license": .object(.license), "version": .string,
            ], required: ["title", "version"])
        var license = Shape(fields: ["name": .string, "url": .string], required: ["name"])
        if isModern {
            info.fields["summary"] = .string
            license.fields["identifier"] = .string
            license.exclusive = [["identifier", "url"]]
        }
        var tag = Shape(
            fields: ["name": .string, "description": .string, "externalDocs": .object(.externalDocumentation)], required: ["name"])
        if version >= .v32 { for field in ["summary", "parent", "kind"] { tag.fields[field] = .string } }
        return [
            .openAPI: root, .info: info, .license: license, .tag: tag,
            .contact: Shape(fields: ["name": .string, "url": .string, "email": .string]),
            .externalDocumentation: Shape(fields: ["description": .string, "url": .string], required: ["url"]),
        ].merging(serverShapes(version)) { first, _ in first }
    }

    private static func serverShapes(_ version: OpenAPIVersion) -> [ObjectKind: Shape] {
        var server = Shape(
            fields: ["url": .string, "description": .string, "variables": .map(.object(.serverVariable))], required: ["url"])
        if version >= .v32 { server.fields["name"] = .string }
        let variable = Shape(
            fields: ["enum": .array(.string, minimum: version >= .v31 ? 1 : 0), "default": .string, "description": .string],
            required: ["default"])
        return [.server: server, .serverVariable: variable]
    }

    static let securityRequirement = Rule.map(.array(.string))

    private static func components(_ version: OpenAPIVersion) -> Shape {
        let keys = KeyRule.component
        var fields: [String: Rule] = [
            "schemas": .map(.schema, keys: keys),
            "responses": .map(.objectOrReference(.response), keys: keys),
            "parameters": .map(.objectOrReference(.parameter), keys: keys),
            "examples": .map(.objectOrReference(.example), keys: keys),
            "requestBodies": .map(.objectOrReference(.requestBody), keys: keys),
            "headers": .map(.objectOrReference(.header), keys: keys),
            "securitySchemes": .map(.objectOrReference(.securityScheme), keys: keys),
            "links": .map(.objectOrReference(.link), keys: keys),
            "callbacks": .map(.objectOrReference(.callback), keys: keys),
        ]
        if version >= .v31 { fields["pathItems"] = .map(.objectOrReference(.pathItem), keys: keys) }
        if version >= .v32 { fields["mediaTypes"] = .map(.objectOrReference(.mediaType), keys: keys) }
        return Shape(fields: fields)
    }
}

// MARK: Paths and operations

extension Grammar {
    private static func pathShapes(_ version: OpenAPIVersion) -> [ObjectKind: Shape] {
        let parameters = Rule.array(.objectOrReference(.parameter), unique: version == .v30)
        var item = Shape(fields: [
            "$ref": .string, "summary": .string, "description": .string, "servers": .array(.object(.server)), "parameters": parameters,
        ])
        for method in fixedMethods { item.fields[method] = .object(.operation) }
        if version >= .v32 {
            item.fields["query"] = .object(.operation)
            item.fields["additionalOperations"] = .map(.object(.operation), keys: .additionalMethod)
        }
        let operation = Shape(
            fields: [
                "tags": .array(.string), "summary": .string, "description": .string, "externalDocs": .object(.externalDocumentation),
                "operationId": .string, "parameters": parameters, "requestBody": .objectOrReference(.requestBody),
                "responses": .object(.responses), "callbacks": .map(.objectOrReference(.callback)), "deprecated": .bool,
                "security": .array(securityRequirement), "servers": .array(.object(.server)),
            ], required: version == .v30 ? ["responses"] : [])
        return [
            .paths: Shape(fields: [:], pattern: .paths(.objectOrReference(.pathItem))),
            .pathItem: item, .operation: operation,
            .callback: Shape(fields: [:], pattern: .everything(.objectOrReference(.pathItem))),
            .responses: Shape(
                fields: ["default": .objectOrReference(.response)], pattern: .statusCodes(.objectOrReference(.response)), minimumFields: 1),
        ]
    }
}

// MARK: Bodies, responses, links, examples

extension Grammar {
    static func content(_ version: OpenAPIVersion, count: ClosedRange<Int> = 0...Int.max) -> Rule {
        .map(version >= .v32 ? .objectOrReference(.mediaType) : .object(.mediaType), count: count)
    }

    static let examples: [String: Rule] = ["example": .any, "examples": .map(.objectOrReference(.example))]

    private static func contentShapes(_ version: OpenAPIVersion) -> [ObjectKind: Shape] {
        let body = Shape(
            fields: ["description": .string, "content": content(version), "required": .bool], required: ["content"])
        var response = Shape(fields: [
            "description": .string, "headers": .map(.objectOrReference(.header)), "content": content(version),
            "links": .map(.objectOrReference(.link)),
        ])
        if version >= .v32 { response.fields["summary"] = .string } else { response.required = ["description"] }
        var media = Shape(
            fields: ["schema": .schema, "encoding": .map(.object(.encoding))].merging(examples) { first, _ in first },
            exclusive: [["example", "examples"]])
        var encoding = Shape(fields: [
            "contentType": .string, "headers": .map(.objectOrReference(.header)),
            "style": .oneOf(["form", "spaceDelimited", "pipeDelimited", "deepObject"]), "explode": .bool, "allowReserved": .bool,
        ])
        if version >= .v32 {
            media.fields["description"] = .string
            media.fields["itemSchema"] = .schema
            encoding.fields["encoding"] = .map(.object(.encoding))
            for field in ["prefixEncoding", "itemEncoding"] {
                let rule: Rule = field == "prefixEncoding" ? .array(.object(.encoding)) : .object(.encoding)
                media.fields[field] = rule
                encoding.fields[field] = rule
                media.exclusive.append(["encoding", field])
                encoding.exclusive.append(["encoding", field])
            }
        }
        return [
            .requestBody: body, .response: response, .mediaType: media, .encoding: encoding,
            .example: example(version), .link: link(version),
        ]
    }

    private static func example(_ version: OpenAPIVersion) -> Shape {
        var shape = Shape(fields: ["summary": .string, "description": .string, "value": .any, "externalValue": .string])
        if version >= .v31 { shape.exclusive = [["value", "externalValue"]] }
        if version >= .v32 {
            shape.fields["dataValue"] = .any
            shape.fields["serializedValue"] = .string
            shape.exclusive += [["value", "dataValue"], ["value", "serializedValue"], ["serializedValue", "externalValue"]]
        }
        return shape
    }

    private static func link(_ version: OpenAPIVersion) -> Shape {
        var shape = Shape(
            fields: [
                "operationId": .string, "operationRef": .string, "parameters": .map(version >= .v31 ? .string : .any),
                "requestBody": .any, "description": .string, "server": .object(.server),
            ], exclusive: [["operationId", "operationRef"]])
        if version >= .v31 { shape.needsOneOf = [["operationId", "operationRef"]] }
        return shape
    }
}
