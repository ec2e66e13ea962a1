internal import StrictJSON

/// An OpenAPI description, compiled once, that judges requests and responses.
///
/// ```swift
/// let api = try OpenAPIValidator(name: "api.yaml", bytes: bytes) { _ in nil }
/// let verdict = api.validate(RequestHead(method: "GET", target: "/pets?limit=10", headers: headers), body: [])
/// ```
/// Loading takes milliseconds to a second; a verdict takes microseconds. The value can be shared between threads, holds no state of
/// traffic and does no I/O: other files come through the resolver.
public struct OpenAPIValidator: Sendable {
    /// The feature level of the document.
    public let version: OpenAPIVersion
    /// `info.title`.
    public let title: String
    /// `info.version`.
    public let documentVersion: String
    /// The files that were read, the first one first.
    public let files: [String]
    /// Every operation; an operation's `id` is its place here.
    public let operations: [OpenAPIOperation]
    /// What is allowed and probably not meant.
    public let warnings: [OpenAPIWarning]
    /// Schemas that were compiled, counted once where both directions share them.
    public let schemaCount: Int
    /// The security schemes that operations name.
    public let securitySchemes: [SecurityScheme]
    /// What is done beyond the document's words.
    public let options: OpenAPIOptions

    let model: CompiledModel

    /// Reads, checks and compiles a description.
    ///
    /// - Parameters:
    ///   - name: the file's name or URL; references are resolved against it and errors name it.
    ///   - resolver: gives the bytes of other files. References to files it does not have refuse the document.
    /// - Throws: ``OpenAPIError`` with file, line, column and reason; what the resolver throws.
    public init(
        name: String, bytes: [UInt8], options: OpenAPIOptions = OpenAPIOptions(), limits: DocumentLimits = DocumentLimits(),
        resolver: @escaping OpenAPIResolver = { _ in nil }
    ) throws {
        let documents = try DocumentSet(name: name, bytes: bytes, limits: limits, resolver: resolver)
        var builder = ModelBuilder(documents: documents, options: options)
        try builder.build()
        var notes = documents.warnings + builder.warnings
        let strict = options.refusesFaultySchemas
        let request = try SchemaPrograms(builder.request, documents: documents, isStrict: strict, keyword: OpenAPIIssue.Keyword.readOnly) {
            notes.append($0)
        }
        let response = try SchemaPrograms(builder.response, documents: documents, isStrict: strict, keyword: OpenAPIIssue.Keyword.writeOnly)
        { warning in
            if !notes.contains(warning) { notes.append(warning) }
        }
        model = CompiledModel(
            operations: builder.operations, routes: builder.routes, shapes: builder.shapes.table, request: request, response: response,
            options: options)
        version = documents.version
        title = documents.entry.root["info"]?["title"]?.string ?? ""
        documentVersion = documents.entry.root["info"]?["version"]?.string ?? ""
        files = [name] + documents.files.keys.filter { $0 != name }.sorted()
        operations = builder.operations.map(\.info)
        warnings = notes
        schemaCount = max(request.count, response.count)
        var seen: Set<SecurityScheme> = []
        securitySchemes = builder.operations.flatMap { $0.requirements.flatMap(\.schemes) }.filter { seen.insert($0).inserted }
        self.options = options
    }

    /// Judges a request whose body is at hand.
    ///
    /// - Parameter body: as sent, compressed or not; empty for none.
    public func validate(_ head: RequestHead, body: [UInt8]) -> RequestVerdict {
        switch validateHead(head, hasBody: !body.isEmpty) {
        case .decided(let verdict): verdict
        case .needsBody(let pending): validateBody(body, of: pending)
        }
    }

    /// Judges what can be judged before the body has come.
    ///
    /// - Parameter hasBody: whether the message has a body of at least one byte.
    public func validateHead(_ head: RequestHead, hasBody: Bool) -> HeadVerdict {
        RequestJudge(model: model, head: head).judgeHead(hasBody: hasBody)
    }

    /// Judges the body of a request whose head was judged.
    public func validateBody(_ body: [UInt8], of pending: PendingBody) -> RequestVerdict {
        BodyStage(model: model, pending: pending).judge(body)
    }

    /// Judges a body that was streamed past, by its length alone; for bodies that do not ask for their bytes.
    ///
    /// - Parameter count: bytes of the body, not compressed.
    public func validateBodyLength(_ count: Int, of pending: PendingBody) -> RequestVerdict {
        BodyStage(model: model, pending: pending).judgeLength(count)
    }

    /// The operation that a request's path and method name; nil where the document has none.
    public func operation(of head: RequestHead) -> OpenAPIOperation? {
        guard case .matched(let matched) = RequestJudge(model: model, head: head).route() else { return nil }
        return matched.operation.info
    }

    /// Judges what can be judged of a response before its body has come.
    ///
    /// - Parameters:
    ///   - operation: the operation that the request's verdict named.
    ///   - hasBody: whether a body of at least one byte follows; nil for answers to `HEAD`, which describe a body that is not sent.
    public func validateResponseHead(
        to operation: OpenAPIOperation, status: Int, headers: any HeaderLookup, hasBody: Bool?
    ) -> ResponseHeadVerdict {
        ResponseJudge(model: model, operation: model.operations[operation.id]).judgeHead(status: status, headers: headers, hasBody: hasBody)
    }

    /// Judges the response to a request of an operation.
    ///
    /// - Parameters:
    ///   - operation: the operation that the request's verdict named.
    ///   - body: as sent, compressed or not; nil where it is not to be looked at, as for streams and answers to `HEAD`.
    public func validateResponse(
        to operation: OpenAPIOperation, status: Int, headers: any HeaderLookup, body: [UInt8]?
    ) -> ResponseVerdict {
        ResponseJudge(model: model, operation: model.operations[operation.id]).judge(status: status, headers: headers, body: body)
    }
}

/// What is known once a request's head was judged.
public enum HeadVerdict: Sendable {
    /// The request is judged as a whole: refused, or valid without a look at a body.
    case decided(RequestVerdict)
    /// The head is in order and the body must be judged. Read at most ``OpenAPIOptions/bodyBytes`` bytes of it.
    case needsBody(PendingBody)
}

/// What is known once a response's head was judged.
public enum ResponseHeadVerdict: Sendable {
    /// The response is judged as a whole: broken, or valid without a look at its body.
    case decided(ResponseVerdict)
    /// The head is in order and the body must be judged, by ``OpenAPIValidator/validateResponse(to:status:headers:body:)``.
    case needsBody
}

/// A request whose head is in order.
public struct PendingBody: Sendable {
    /// The operation.
    public var operation: OpenAPIOperation { compiled.info }
    /// The media type the body says it has.
    public let contentType: MediaType
    /// Whether the body's bytes must be looked at. False for media types that are bytes to this engine: such a body may be streamed past
    /// and judged by ``OpenAPIValidator/validateBodyLength(_:of:)``.
    public let needsBytes: Bool
    /// Bytes the schema allows at most, where it says so and the bytes are not looked at.
    public let maximumLength: Int?
    let compiled: CompiledOperation
    let media: CompiledMedia
    let codings: [ContentCoding]
    let undocumented: [UndocumentedItem]
    /// Issues of the head; the body's are added, so that a client learns of both.
    let issues: [OpenAPIIssue]
}

/// Everything that judging traffic needs.
struct CompiledModel: Sendable {
    let operations: [CompiledOperation]
    let routes: RouteTable<ModelBuilder.Route>
    let shapes: ShapeTable
    let request: SchemaPrograms
    let response: SchemaPrograms
    let options: OpenAPIOptions
}
