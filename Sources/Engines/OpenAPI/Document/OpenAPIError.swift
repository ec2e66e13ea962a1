/// Why a document was refused: what is wrong, in which file and where.
///
/// Two errors are equal if their code, place and reason are.
public struct OpenAPIError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of fault, for programs.
    public enum Code: String, Sendable, Hashable {
        /// The bytes are not well-formed YAML or JSON.
        case syntax
        /// The file is larger, deeper or longer than the limits allow.
        case limit
        /// The file says it is Swagger 2.0, or an OpenAPI version that is not 3.0, 3.1 or 3.2, or names none.
        case version
        /// A field is missing, unknown, of the wrong type or contradicts another.
        case structure
        /// A `$ref` leads nowhere, in a circle, or to something of another kind.
        case reference
        /// A schema cannot be compiled.
        case schema
    }

    /// The kind of fault.
    public let code: Code
    /// The file, as the loader was given it or as a reference named it.
    public let file: String
    /// Where in the file the offending node starts.
    public let position: SourcePosition
    /// JSON Pointer of the offending node (RFC 6901); empty for the root and for faults of syntax.
    public let pointer: String
    /// One sentence, lower case, without a full stop.
    public let reason: String

    init(_ code: Code, file: String, at position: SourcePosition, pointer: String = "", _ reason: String) {
        self.code = code
        self.file = file
        self.position = position
        self.pointer = pointer
        self.reason = reason
    }

    /// `file:line:column: reason (at /pointer)`.
    public var description: String {
        "\(file):\(position): \(reason)" + (pointer.isEmpty ? "" : " (at \(pointer))")
    }
}
