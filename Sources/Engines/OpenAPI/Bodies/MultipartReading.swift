internal import StrictJSON

/// Reads a multipart body as the object (or, without names, the array) its schema describes.
///
/// A part that stands for bytes becomes a text as long as its schema asks for at least: its own length and media type are judged here.
struct MultipartReading {
    let shapes: ShapeTable
    let programs: SchemaPrograms
    let options: OpenAPIOptions
    let media: CompiledMedia
    private(set) var issues: [OpenAPIIssue] = []

    init(shapes: ShapeTable, programs: SchemaPrograms, options: OpenAPIOptions, media: CompiledMedia) {
        self.shapes = shapes
        self.programs = programs
        self.options = options
        self.media = media
    }

    mutating func value(_ bytes: [UInt8], _ type: MediaType) throws(BodyFault) -> JSONValue {
        let parts = try MultipartReader(bytes, contentType: type, limit: options.parts).parts()
        return type.subtype == "form-data" ? try named(parts) : try listed(parts)
    }

    // MARK: With names

    private mutating func named(_ parts: [MultipartReader.Part]) throws(BodyFault) -> JSONValue {
        var members: [(name: String, values: [JSONValue])] = []
        for part in parts {
            let shape = shapes.property(part.name, of: media.shape)
            let inner = isArray(shape) ? shapes.items(of: shape) : shape
            let value = try self.value(part, isArray(shape) && isJSONArray(part) ? shape : inner, media.encodings[part.name])
            if let known = members.firstIndex(where: { $0.name == part.name }) {
                members[known].values.append(value)
            } else {
                members.append((part.name, [value]))
            }
        }
        var object: [(String, JSONValue)] = []
        for (name, values) in members {
            let shape = shapes.property(name, of: media.shape)
            if isArray(shape) {
                object.append((name, values.count == 1 && values[0].array != nil ? values[0] : .array(values)))
            } else if values.count == 1 || shapes[shape].types == .all {
                object.append((name, values.count == 1 ? values[0] : .array(values)))
            } else {
                throw BodyFault(OpenAPIIssue.Keyword.repeated, name: name, StyleFault.repeated.reason)
            }
        }
        return .object(JSONObject(object))
    }

    private func isArray(_ shape: Int) -> Bool {
        shapes[shape].types.contains(.array) && shapes[shape].types.isDisjoint(with: .scalars.subtracting(.null))
    }

    /// An array may also be one part that is JSON itself.
    private func isJSONArray(_ part: MultipartReader.Part) -> Bool {
        part.contentType.map { BodyKind($0) == .json } == true && part.body.first { $0 > 0x20 } == UInt8(ascii: "[")
    }

    // MARK: Without names

    private mutating func listed(_ parts: [MultipartReader.Part]) throws(BodyFault) -> JSONValue {
        let shape = media.itemSchema == nil ? shapes.items(of: media.shape) : media.itemShape
        var items: [JSONValue] = []
        for (offset, part) in parts.enumerated() {
            let encoding = offset < media.prefixEncodings.count ? media.prefixEncodings[offset] : media.itemEncoding
            items.append(try value(part, shape, encoding))
        }
        return .array(items)
    }

    // MARK: One part

    private mutating func value(_ part: MultipartReader.Part, _ shape: Int, _ encoding: CompiledEncoding?) throws(BodyFault) -> JSONValue {
        check(part, encoding)
        let facts = shapes[shape]
        let isObject = facts.types != .all && !facts.types.isDisjoint(with: [.object, .array]) && facts.types.isDisjoint(with: [.string])
        let kind =
            part.contentType.map { BodyKind($0) }
            ?? (isObject ? .json : encoding?.contentTypes.first.map { BodyKind($0) } ?? (facts.isBinary ? .binary : .text))
        if kind == .json, !facts.isBinary { return try json(part) }
        guard facts.isBinary || kind != .text else { return try text(part, shape) }
        if let problem = facts.lengthProblem(part.body.count) {
            issues.append(
                OpenAPIIssue(.body, name: part.name, schemaPointer: media.pointer + "/schema", keyword: problem.keyword, problem.text))
        }
        return .string(String(repeating: "x", count: min(facts.minimumLength ?? 0, part.body.count)))
    }

    private func json(_ part: MultipartReader.Part) throws(BodyFault) -> JSONValue {
        do throws(JSONError) { return try JSONValue(parsing: Array(part.body), limits: options.jsonLimits) } catch {
            throw BodyFault(BodyJudge.keyword(error), name: part.name, error.description)
        }
    }

    private func text(_ part: MultipartReader.Part, _ shape: Int) throws(BodyFault) -> JSONValue {
        guard let text = UTF8Text.validated(part.body) else {
            throw BodyFault(OpenAPIIssue.Keyword.encoding, name: part.name, "the part is not UTF-8")
        }
        return ValueReading(shapes: shapes).scalar(text, shape)
    }

    /// The part's media type and headers, as far as the document says what they are.
    private mutating func check(_ part: MultipartReader.Part, _ encoding: CompiledEncoding?) {
        guard let encoding else { return }
        let fallback = MediaType("text/plain")
        if !encoding.contentTypes.isEmpty, let type = part.contentType ?? fallback,
            !encoding.contentTypes.contains(where: { $0.covers(type) })
        {
            let wanted = encoding.contentTypes.map(\.description).joined(separator: ", ")
            issues.append(
                OpenAPIIssue(
                    .body, name: part.name, schemaPointer: media.pointer + "/encoding", keyword: OpenAPIIssue.Keyword.contentType,
                    "the part's media type is not \(wanted)"))
        }
        let judge = ParameterJudge(shapes: shapes, programs: programs, options: options)
        for header in encoding.headers { judge.judgeHeader(header, part.header(header.name).map { [$0] } ?? [], &issues) }
    }
}
