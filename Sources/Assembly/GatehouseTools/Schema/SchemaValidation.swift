public import JSONSchema
import StrictJSON

/// Validates files by a schema and prints what is wrong with them.
public struct SchemaValidation {
    /// Whether formats refuse; true.
    public var assertsFormats = true
    /// Errors a document; 16.
    public var limit = 16
    /// An output format of the standard as JSON, one line a document; nil prints sentences.
    public var output: SchemaOutput?
    /// Further documents for references: `URI=FILE`.
    public var documents: [String] = []
    private let write: (String) -> Void

    /// A validation with the defaults.
    ///
    /// - Parameter write: takes each line; prints it by default.
    public init(write: @escaping (String) -> Void = { print($0) }) { self.write = write }

    /// Validates every file.
    ///
    /// - Returns: true where all are valid.
    /// - Throws: ``SchemaError``, ``JSONError`` in the schema, or what reading a file throws.
    public func run(schema path: String, documents paths: [String]) throws -> Bool {
        let schema = try compile(path)
        var allValid = true
        for path in paths { allValid = try validate(path, schema) && allValid }
        return allValid
    }

    private func compile(_ path: String) throws -> JSONSchema {
        var registry = SchemaRegistry()
        for entry in documents {
            guard let equals = entry.firstIndex(of: "=") else { throw SchemaUsageError(text: "`\(entry)` is not of the form URI=FILE") }
            let bytes = try SchemaFiles.bytes(String(entry[entry.index(after: equals)...]))
            try registry.add(JSONDocument(bytes, limits: .trusted), at: String(entry[..<equals]))
        }
        var options = SchemaOptions()
        options.assertsFormats = assertsFormats ? true : nil
        return try JSONSchema(JSONDocument(SchemaFiles.bytes(path), limits: .trusted), at: path, registry: registry, options: options)
    }

    private func validate(_ path: String, _ schema: JSONSchema) throws -> Bool {
        let bytes = try SchemaFiles.bytes(path)
        do throws(JSONError) {
            let root = try JSONDocument(bytes).root
            if let output {
                write(schema.output(output, for: root, limit: limit).serialized())
                return schema.isValid(root)
            }
            let errors = schema.errors(in: root, limit: limit)
            report(errors, path)
            return errors.isEmpty
        } catch {
            write("\(path):\(error.position.line):\(error.position.column): not JSON: \(error.reason) [\(error.code.rawValue)]")
            return false
        }
    }

    private func report(_ errors: [ValidationError], _ path: String) {
        if errors.isEmpty { write("\(path): valid") }
        for error in errors.flatMap(\.flattened) {
            let position = error.value.position
            write("\(path):\(position.line):\(position.column): `\(error.instanceLocation)`: \(error.message) [\(error.keywordLocation)]")
        }
    }
}

/// An argument that cannot be understood.
public struct SchemaUsageError: Error, CustomStringConvertible {
    let text: String
    /// The sentence.
    public var description: String { text }
}
