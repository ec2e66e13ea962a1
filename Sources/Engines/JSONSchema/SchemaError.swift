/// Why a schema was not accepted, and where in it.
public struct SchemaError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was wrong, by name.
    public let code: Code
    /// One sentence, lower case.
    public let reason: String
    /// The schema's place: URI and JSON Pointer, such as `http://a/b.json#/properties/x/pattern`.
    public let location: String

    /// An error with everything given.
    public init(code: Code, reason: String, location: String) {
        self.code = code
        self.reason = reason
        self.location = location
    }

    /// Reason and place.
    public var description: String { "\(reason) (at `\(location)`)" }

    /// Equal by code and location.
    public static func == (a: SchemaError, b: SchemaError) -> Bool { a.code == b.code && a.location == b.location }

    /// The names under which schemas are refused. The raw value is stable and made for logs.
    public enum Code: String, Sendable, CaseIterable {
        /// `$schema` names a dialect that is not known and not in the registry.
        case unknownDialect = "unknown-dialect"
        /// A metaschema requires a vocabulary that is not known.
        case unknownVocabulary = "unknown-vocabulary"
        /// A reference to a document that is not in the registry, or to a place or anchor that is not there.
        case unresolvedReference = "unresolved-reference"
        /// A keyword has a value that its definition does not allow.
        case invalidKeyword = "invalid-keyword"
        /// A schema that is neither an object nor a boolean.
        case notASchema = "not-a-schema"
        /// A pattern that is not an ECMA-262 regular expression, or is too large.
        case invalidPattern = "invalid-pattern"
        /// References that lead back to where they came from without looking into the value.
        case endlessReference = "endless-reference"
        /// Two documents, or a document and an `$id`, with the same URI but different content.
        case duplicateIdentifier = "duplicate-identifier"
        /// A URI reference that is none.
        case invalidURI = "invalid-uri"
        /// More subschemas or deeper nesting than allowed.
        case limit = "limit"
    }
}
