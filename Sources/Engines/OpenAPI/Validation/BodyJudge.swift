internal import StrictJSON

/// Reads a body as its media type says and lets its schema judge it.
struct BodyJudge {
    /// What was read, with what is wrong.
    struct Result {
        var issues: [OpenAPIIssue] = []
        /// The value, where the media type has one.
        var document: JSONDocument?
        /// Set where the charset is not one that is read.
        var hasUnknownCharset = false
    }

    let shapes: ShapeTable
    let programs: SchemaPrograms
    let options: OpenAPIOptions
    var location = OpenAPIIssue.Location.body
    var name = ""

    func judge(_ bytes: [UInt8], _ media: CompiledMedia, type: MediaType) -> Result {
        do throws(BodyFault) {
            return try read(bytes, media, type)
        } catch {
            return Result(issues: [issue(error)])
        }
    }

    private func read(_ bytes: [UInt8], _ media: CompiledMedia, _ type: MediaType) throws(BodyFault) -> Result {
        let kind = BodyKind(type)
        if let charset = type[parameter: "charset"], !kind.reads(charset) { return Result(hasUnknownCharset: true) }
        if shapes[media.shape].isOnlyBinary { return binary(bytes.count, media) }
        switch kind {
        case .json: return judged(try json(bytes), media.schema)
        case .jsonLines, .jsonSequence, .eventStream: return try sequence(bytes, media, kind)
        case .form:
            return try FormReading(shapes: shapes, options: options, media: media).candidates(bytes).first { judged($0, media.schema) }
        case .multipart: return try multipart(bytes, media, type)
        case .xml: return try xml(bytes, media)
        case .text: return try text(bytes, media, type[parameter: "charset"])
        case .binary: return binary(bytes.count, media)
        }
    }

    // MARK: Kinds

    private func json(_ bytes: [UInt8]) throws(BodyFault) -> JSONDocument {
        do throws(JSONError) {
            return try JSONDocument(bytes, limits: options.jsonLimits)
        } catch {
            throw BodyFault(Self.keyword(error), error.description)
        }
    }

    static func keyword(_ error: JSONError) -> String {
        switch error.code {
        case .sizeLimit, .depthLimit, .elementLimit, .keyLimit, .stringLengthLimit, .numberLengthLimit: OpenAPIIssue.Keyword.limit
        default: OpenAPIIssue.Keyword.syntax
        }
    }

    /// Items one after another: each is judged by `itemSchema`, all of them as an array by `schema`.
    private func sequence(_ bytes: [UInt8], _ media: CompiledMedia, _ kind: BodyKind) throws(BodyFault) -> Result {
        let items = try SequentialReading(options: options).items(bytes, kind)
        var result = Result()
        if let schema = media.itemSchema {
            for (offset, item) in items.enumerated() where result.issues.count < options.issueLimit {
                let document = JSONDocument(item)
                if programs.isValid(document.root, schema) { continue }
                result.issues += found(document, schema).map { $0.below("/\(offset)") }
            }
        }
        guard result.issues.isEmpty, media.schema != nil else { return result }
        return judged(JSONDocument(.array(items)), media.schema)
    }

    private func multipart(_ bytes: [UInt8], _ media: CompiledMedia, _ type: MediaType) throws(BodyFault) -> Result {
        var reading = MultipartReading(shapes: shapes, programs: programs, options: options, media: media)
        let value = try reading.value(bytes, type)
        guard reading.issues.isEmpty else { return Result(issues: Array(reading.issues.prefix(options.issueLimit))) }
        if case .array(let items) = value, let schema = media.itemSchema {
            for (offset, item) in items.enumerated() {
                let document = JSONDocument(item)
                if !programs.isValid(document.root, schema) {
                    return Result(issues: found(document, schema).map { $0.below("/\(offset)") })
                }
            }
        }
        return judged(JSONDocument(value), media.schema)
    }

    private func xml(_ bytes: [UInt8], _ media: CompiledMedia) throws(BodyFault) -> Result {
        var reader = XMLReader(bytes, depth: options.bodyDepth, elements: options.bodyElements)
        let root = try reader.read()
        return first([false, true].map { XMLReading(shapes: shapes, prefersText: $0).value(root, shape: media.shape) }) {
            judged($0, media.schema)
        }
    }

    private func text(_ bytes: [UInt8], _ media: CompiledMedia, _ charset: String?) throws(BodyFault) -> Result {
        let text = charset == "iso-8859-1" ? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })) : UTF8Text.validated(bytes)
        guard let text else { throw BodyFault(OpenAPIIssue.Keyword.encoding, "the body is not UTF-8") }
        let candidates = [false, true].map { ValueReading(shapes: shapes, prefersText: $0).scalar(text, media.shape) }
        return first(candidates) { judged($0, media.schema) }
    }

    /// Bytes have no value; limits on length count them.
    func binary(_ count: Int, _ media: CompiledMedia) -> Result {
        let shape = shapes[media.shape]
        guard media.schema == nil || shape.types.contains(.string) else {
            let reason = "bytes of this media type cannot be the documented value"
            return Result(issues: [
                OpenAPIIssue(
                    location, name: name, schemaPointer: media.pointer + "/schema", keyword: OpenAPIIssue.Keyword.contentType, reason)
            ])
        }
        guard let reason = shape.lengthProblem(count) else { return Result() }
        return Result(issues: [
            OpenAPIIssue(location, name: name, schemaPointer: media.pointer + "/schema", keyword: reason.keyword, reason.text)
        ])
    }

    // MARK: Judging

    private func first(_ values: [JSONValue], _ judge: (JSONDocument) -> Result) -> Result {
        values.map { JSONDocument($0) }.first(judge)
    }

    private func judged(_ document: JSONDocument, _ schema: Int?) -> Result {
        guard let schema, !programs.isValid(document.root, schema) else { return Result(document: document) }
        return Result(issues: found(document, schema), document: document)
    }

    private func found(_ document: JSONDocument, _ schema: Int) -> [OpenAPIIssue] {
        programs.issues(in: document.root, schema, at: location, name: name, limit: options.issueLimit)
    }

    private func issue(_ fault: BodyFault) -> OpenAPIIssue {
        OpenAPIIssue(location, name: fault.name.isEmpty ? name : fault.name, keyword: fault.keyword, fault.reason)
    }
}

extension [JSONDocument] {
    /// The first result without issues, or else the first.
    fileprivate func first(_ judge: (JSONDocument) -> BodyJudge.Result) -> BodyJudge.Result {
        var kept: BodyJudge.Result?
        for document in self {
            let result = judge(document)
            if result.issues.isEmpty { return result }
            kept = kept ?? result
        }
        return kept ?? BodyJudge.Result()
    }
}

extension ValueShape {
    /// A value that is bytes whatever media type they have.
    var isOnlyBinary: Bool { isBinary && !types.contains(.object) }

    /// What is wrong with a number of bytes under the schema's limits on length.
    func lengthProblem(_ count: Int) -> (keyword: String, text: String)? {
        if let maximumLength, count > maximumLength { return ("maxLength", "it has more than \(maximumLength) bytes") }
        if let minimumLength, count < minimumLength { return ("minLength", "it has fewer than \(minimumLength) bytes") }
        return nil
    }
}

extension OpenAPIIssue {
    /// The same issue of a value that lies deeper.
    func below(_ prefix: String) -> OpenAPIIssue {
        OpenAPIIssue(location, name: name, pointer: prefix + pointer, schemaPointer: schemaPointer, keyword: keyword, reason)
    }
}
