public import StrictJSON

/// A compiled JSON Schema.
///
/// ```swift
/// let schema = try JSONSchema(JSONValue(parsing: #"{"type": "object", "required": ["id"]}"#))
/// schema.isValid(try JSONDocument(body).root)
/// ```
/// Drafts 2020-12, 2019-09, 7, 6 and 4 and OpenAPI's dialects. Compiling may take milliseconds; validating takes
/// microseconds, and the value can be shared between threads.
public struct JSONSchema: Sendable {
    let program: Program
    let number: Int32
    let options: SchemaOptions

    /// Compiles a schema that stands alone or refers to documents of a registry.
    ///
    /// - Parameters:
    ///   - uri: The schema's own URI, for relative references, where it has no `$id`.
    /// - Throws: ``SchemaError``.
    public init(
        _ schema: JSONDocument, at uri: String = "", registry: SchemaRegistry = SchemaRegistry(), options: SchemaOptions = SchemaOptions()
    ) throws(SchemaError) {
        var registry = registry
        try registry.add(schema, at: uri, dialect: options.dialect)
        try self.init(reference: uri, registry: registry, options: options)
    }

    /// Compiles a schema built by code, as ``init(_:at:registry:options:)-(JSONDocument,_,_,_)`` does.
    public init(
        _ schema: JSONValue, at uri: String = "", registry: SchemaRegistry = SchemaRegistry(), options: SchemaOptions = SchemaOptions()
    ) throws(SchemaError) {
        try self.init(JSONDocument(schema), at: uri, registry: registry, options: options)
    }

    /// Compiles the schema that a reference leads to, such as `openapi.json#/components/schemas/Pet`.
    ///
    /// Use a ``SchemaCompiler`` for many schemas of one document.
    /// - Throws: ``SchemaError``.
    public init(reference: String, registry: SchemaRegistry, options: SchemaOptions = SchemaOptions()) throws(SchemaError) {
        var compiler = SchemaCompiler(registry: registry, options: options)
        let entry = try compiler.entry(reference)
        self = try compiler.finish()[entry]
    }

    init(program: Program, number: Int32, options: SchemaOptions) {
        self.program = program
        self.number = number
        self.options = options
    }

    /// Whether a value is valid: the fastest answer.
    public func isValid(_ value: JSONNode) -> Bool {
        var evaluator = Evaluator(program: program, document: value.document, limit: 0, options: options)
        return evaluator.validate(Int(number), value.index, Evaluator.untracked)
    }

    /// Whether a whole document is valid.
    public func isValid(_ document: JSONDocument) -> Bool { isValid(document.root) }

    /// Whether a value built by code is valid.
    public func isValid(_ value: JSONValue) -> Bool { isValid(JSONDocument(value).root) }

    /// What is wrong with a value; empty for a valid one.
    ///
    /// - Parameter limit: Errors after which the search ends; 16.
    public func errors(in value: JSONNode, limit: Int = 16) -> [ValidationError] {
        if isValid(value) { return [] }
        var evaluator = Evaluator(program: program, document: value.document, limit: max(limit, 1), options: options)
        _ = evaluator.validate(Int(number), value.index, Evaluator.untracked)
        return evaluator.errors
    }
}

/// The schemas of one ``SchemaCompiler``, which share a program.
public struct SchemaSet: Sendable {
    let program: Program
    let options: SchemaOptions

    /// The schema that was asked for.
    public subscript(entry: SchemaCompiler.Entry) -> JSONSchema {
        JSONSchema(program: program, number: entry.number, options: options)
    }
}
