internal import StrictJSON

extension ModelBuilder {
    mutating func compile(
        _ method: String, _ template: PathTemplate, _ item: DocumentSet.Place, _ place: DocumentSet.Place, _ root: DocumentSet.Place
    ) -> CompiledOperation {
        let parameters = parameters(item, place)
        let body = place.field("requestBody").map { requestBody(documents.dereferenced($0)) }
        let requirements = requirements(place, root)
        var responses: [(pattern: StatusPattern, response: CompiledResponse)] = []
        var fallback: CompiledResponse?
        for (key, response) in place.fields("responses") where !key.hasPrefix("x-") {
            let compiled = self.compiledResponse(documents.dereferenced(response))
            if let pattern = StatusPattern(key) { responses.append((pattern, compiled)) } else { fallback = compiled }
        }
        checkPathNames(template, parameters, place)
        let query = parameters.filter { $0.place == .query }
        let cookies = parameters.filter { $0.place == .cookie }
        let everyResponse = responses.map(\.response) + [fallback].compactMap { $0 }
        let info = OpenAPIOperation(
            id: operations.count, method: method, path: template.text, operationID: place.node["operationId"]?.string,
            isDeprecated: place.node["deprecated"]?.bool == true, pointer: place.pointer,
            tags: place.elements("tags").compactMap(\.node.string), security: requirements.map { $0.schemes.map(\.name) },
            parameters: parameters.map { "\($0.place.rawValue) \($0.name)" }, requestTypes: body?.media.map(\.text) ?? [],
            responses: place.fields("responses").map(\.name).filter { !$0.hasPrefix("x-") })
        return CompiledOperation(
            info: info, pathParameters: parameters.filter { $0.place == .path }, queryParameters: query,
            wholeQuery: parameters.first { $0.place == .querystring }, headerParameters: parameters.filter { $0.place == .header },
            cookieParameters: cookies, body: body, requirements: requirements, responses: responses, defaultResponse: fallback,
            produced: everyResponse.flatMap { $0.body?.media.map(\.range) ?? [] },
            queryNames: Set(query.flatMap(ownNames) + keyNames(requirements) { if case .queryKey(let name) = $0 { name } else { nil } }),
            takesOtherQueryNames: query.contains(where: \.takesOtherNames) || parameters.contains { $0.place == .querystring },
            cookieNames: Set(
                cookies.flatMap(ownNames) + keyNames(requirements) { if case .cookieKey(let name) = $0 { name } else { nil } }),
            deepNames: query.filter { $0.style == .deepObject }.map(\.name))
    }

    /// The names a parameter is sent under; an object that is spread over names or brackets does not use its own.
    private func ownNames(_ parameter: CompiledParameter) -> [String] {
        if parameter.style == .deepObject { return [] }
        let isSpread = parameter.content == nil && parameter.explode && parameter.forms.allSatisfy { $0 == .fields }
        return isSpread ? Array(parameter.fieldNames) : [parameter.name] + parameter.fieldNames
    }

    private func keyNames(_ requirements: [CompiledRequirement], _ name: (SecurityScheme.Kind) -> String?) -> [String] {
        requirements.flatMap(\.schemes).compactMap { name($0.kind) }
    }

    // MARK: Parameters

    /// Parameters of the path and of the operation, which replaces those of the same name and place.
    private mutating func parameters(_ item: DocumentSet.Place, _ operation: DocumentSet.Place) -> [CompiledParameter] {
        var result: [CompiledParameter] = []
        for (offset, owner) in [item, operation].enumerated() {
            var seen: Set<String> = []
            for place in owner.elements("parameters") {
                guard let parameter = parameter(documents.dereferenced(place)) else { continue }
                let key = parameter.place.rawValue + " " + parameter.name
                if !seen.insert(key).inserted { warn(place, "\(key) is described twice") }
                if offset == 1 || !seen.isEmpty { result.removeAll { $0.place == parameter.place && $0.name == parameter.name } }
                result.append(parameter)
            }
        }
        return result
    }

    /// Nil for headers that the specification says are described elsewhere.
    private mutating func parameter(_ place: DocumentSet.Place) -> CompiledParameter? {
        guard let name = place.node["name"]?.string, let position = place.node["in"]?.string.flatMap(ParameterPlace.init) else {
            return nil
        }
        if position == .header, ["accept", "content-type", "authorization"].contains(name.lowercased()) {
            warn(place, "a header parameter named `\(name)` has no effect")
            return nil
        }
        return parameter(place, name: name, position, isResponse: false)
    }

    mutating func parameter(_ place: DocumentSet.Place, name: String, _ position: ParameterPlace, isResponse: Bool) -> CompiledParameter {
        let style = place.node["style"]?.string.flatMap(ParameterStyle.init) ?? position.defaultStyle
        let explode = place.node["explode"]?.bool ?? style.explodesByDefault
        let schemaPlace = place.field("schema")
        let content = place.fields("content").first.map { media(documents.dereferenced($0.place), key: $0.name, isResponse: isResponse) }
        let shape = schemaPlace.map { shapes.shape(of: $0) } ?? content?.shape ?? ShapeTable.anything
        let facts = shapes.table[shape]
        let forms = content == nil ? ValueReading(shapes: shapes.table).forms(of: shape) : [.scalar]
        let isFreeObject = position == .query && content == nil && forms.contains(.fields) && explode && style == .form
        if style == .deepObject, !forms.contains(.fields) {
            warn(place, "`deepObject` is a style for objects, which the schema does not allow")
        }
        return CompiledParameter(
            name: position == .header ? name.lowercased() : name, place: position, isRequired: place.node["required"]?.bool == true,
            allowsEmptyValue: place.node["allowEmptyValue"]?.bool == true, allowsReserved: place.node["allowReserved"]?.bool == true,
            style: style, explode: explode, pointer: place.pointer, shape: shape,
            schema: schemaPlace.map { number(of: $0, isResponse: isResponse) }, content: content, defaultValue: facts.defaultValue,
            forms: forms,
            fieldNames: isFreeObject || position == .cookie && forms.contains(.fields) && explode ? Set(facts.properties.keys) : [],
            takesOtherNames: isFreeObject && facts.allowsAdditional && (facts.additional != nil || facts.properties.isEmpty),
            isAmbiguous: isAmbiguous(shape))
    }

    private func isAmbiguous(_ shape: Int) -> Bool {
        let table = shapes.table
        let inner = [shape, table.items(of: shape)] + table[shape].properties.values + [table[shape].additional ?? 0]
        return inner.contains { ScalarReading.isAmbiguous(table[$0].types) }
    }

    private mutating func checkPathNames(_ template: PathTemplate, _ parameters: [CompiledParameter], _ place: DocumentSet.Place) {
        let described = Set(parameters.filter { $0.place == .path }.map(\.name))
        for name in template.names where !described.contains(name) { warn(place, "path parameter `\(name)` is not described") }
        for name in described.subtracting(template.names).sorted() { warn(place, "path parameter `\(name)` is not in the path") }
    }

    mutating func number(of place: DocumentSet.Place, isResponse: Bool) -> Int {
        isResponse ? response.number(of: place) : request.number(of: place)
    }

    // MARK: Bodies

    private mutating func requestBody(_ place: DocumentSet.Place) -> CompiledBody {
        body(place, isRequired: place.node["required"]?.bool == true, isResponse: false)
    }

    private mutating func body(_ place: DocumentSet.Place, isRequired: Bool, isResponse: Bool) -> CompiledBody {
        var found: [CompiledMedia] = []
        for (key, entry) in place.fields("content") { found.append(media(documents.dereferenced(entry), key: key, isResponse: isResponse)) }
        let sorted = found.enumerated().sorted { ($1.element.range.specificity, $0.offset) < ($0.element.range.specificity, $1.offset) }
        return CompiledBody(isRequired: isRequired, media: sorted.map(\.element), pointer: place.pointer)
    }

    mutating func media(_ place: DocumentSet.Place, key: String, isResponse: Bool) -> CompiledMedia {
        let range = MediaType(key)
        if range == nil { warn(place, "`\(key)` is not a media type, so nothing matches it") }
        let schema = place.field("schema")
        let items = place.field("itemSchema")
        var encodings: [String: CompiledEncoding] = [:]
        for (name, entry) in place.fields("encoding") { encodings[name] = encoding(entry, isResponse: isResponse) }
        return CompiledMedia(
            range: range ?? MediaType.impossible, text: key, shape: shapes.shape(of: schema),
            schema: schema.map { number(of: $0, isResponse: isResponse) }, itemSchema: items.map { number(of: $0, isResponse: isResponse) },
            itemShape: shapes.shape(of: items), encodings: encodings,
            prefixEncodings: place.elements("prefixEncoding").map { encoding($0, isResponse: isResponse) },
            itemEncoding: place.field("itemEncoding").map { encoding($0, isResponse: isResponse) }, pointer: place.pointer)
    }

    private mutating func encoding(_ place: DocumentSet.Place, isResponse: Bool) -> CompiledEncoding {
        let style = place.node["style"]?.string.flatMap(ParameterStyle.init)
        let isStyled = style != nil || place.node["explode"] != nil || place.node["allowReserved"] != nil
        let effective = style ?? .form
        let types = (place.node["contentType"]?.string ?? "").split(separator: ",").compactMap { MediaType($0) }
        return CompiledEncoding(
            contentTypes: types, headers: headers(place, isResponse: isResponse),
            style: isStyled ? (effective, place.node["explode"]?.bool ?? effective.explodesByDefault) : nil)
    }

    private mutating func headers(_ place: DocumentSet.Place, isResponse: Bool) -> [CompiledParameter] {
        place.fields("headers").filter { $0.name.lowercased() != "content-type" }.map {
            parameter(documents.dereferenced($0.place), name: $0.name, .header, isResponse: isResponse)
        }
    }

    private mutating func compiledResponse(_ place: DocumentSet.Place) -> CompiledResponse {
        CompiledResponse(
            headers: headers(place, isResponse: true),
            body: place.node["content"] == nil ? nil : body(place, isRequired: false, isResponse: true), pointer: place.pointer)
    }
}

extension MediaType {
    /// Covers nothing: `/` cannot stand in a type.
    static let impossible = MediaType(impossible: ())

    private init(impossible: Void) {
        type = "/"
        subtype = "/"
        parameters = []
    }
}
