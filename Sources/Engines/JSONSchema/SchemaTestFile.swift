public import StrictJSON

/// A file in the form of the official JSON Schema test suite: groups of a schema and values with their verdicts.
public struct SchemaTestFile: Sendable {
    private let groups: [JSONNode]

    /// What came of a file.
    public struct Result: Sendable {
        /// Tests whose verdict is as the file says.
        public var passed = 0
        /// Tests that came out differently, or whose schema was refused: group, test, and why.
        public var failed: [String] = []
    }

    /// Reads a file.
    ///
    /// - Throws: ``JSONError``.
    public init(_ bytes: [UInt8]) throws(JSONError) {
        groups = Array(try JSONDocument(bytes, limits: .trusted).root.elements)
    }

    /// Runs all tests.
    ///
    /// - Parameters:
    ///   - registry: The documents that schemas may refer to.
    ///   - options: `dialect` is used where a schema does not say.
    public func run(registry: SchemaRegistry, options: SchemaOptions) -> Result {
        var result = Result()
        for group in groups { run(group, registry, options, &result) }
        return result
    }

    private func run(_ group: JSONNode, _ registry: SchemaRegistry, _ options: SchemaOptions, _ result: inout Result) {
        let title = group["description"]?.string ?? "?"
        do throws(SchemaError) {
            let schema = try JSONSchema(group["schema"]?.value ?? true, registry: registry, options: options)
            for test in group["tests"].map({ Array($0.elements) }) ?? [] {
                guard let value = test["data"] else { continue }
                let isValid = schema.isValid(value)
                let name = "\(title): \(test["description"]?.string ?? "?")"
                if isValid != test["valid"]?.bool {
                    result.failed.append("\(name): came out \(isValid ? "valid" : "not valid")")
                } else if schema.errors(in: value).isEmpty != isValid {
                    result.failed.append("\(name): the verdict and the list of errors disagree")
                } else {
                    result.passed += 1
                }
            }
        } catch {
            result.failed.append(
                contentsOf: (0..<(group["tests"]?.count ?? 0)).map { "\(title): test \($0 + 1): the schema was refused: \(error)" })
        }
    }
}
