/// One thing that is wrong with a request or a response.
///
/// It names places and rules and never holds the offending value, so that it may be shown to the caller.
public struct OpenAPIIssue: Sendable, Hashable, CustomStringConvertible {
    /// The part of the message that is wrong.
    public enum Location: String, Sendable, Hashable {
        case path, query, header, cookie, body, status
    }

    /// The part of the message.
    public let location: Location
    /// The parameter, header, cookie or part by name; empty for a body as a whole.
    public let name: String
    /// JSON Pointer to the value inside the parameter or body; empty for the whole.
    public let pointer: String
    /// JSON Pointer, in the document, to the rule that was broken; empty where no rule of the document is.
    public let schemaPointer: String
    /// The rule's name: a JSON Schema keyword, or one of ``Keyword``.
    public let keyword: String
    /// One sentence, lower case, without a full stop and without the value.
    public let reason: String

    init(
        _ location: Location, name: String = "", pointer: String = "", schemaPointer: String = "", keyword: String, _ reason: String
    ) {
        self.location = location
        self.name = name
        self.pointer = pointer
        self.schemaPointer = schemaPointer
        self.keyword = keyword
        self.reason = reason
    }

    /// `query limit: reason` or `body /items/0: reason`.
    public var description: String {
        let place = [location.rawValue, name, pointer].filter { !$0.isEmpty }.joined(separator: " ")
        return "\(place): \(reason)"
    }

    /// Names of rules that are not keywords of JSON Schema.
    public enum Keyword {
        /// A required parameter, header or body is missing.
        public static let required = "required"
        /// A parameter that takes one value was sent more than once.
        public static let repeated = "repeated"
        /// A parameter's text does not have the form its `style` gives it.
        public static let style = "style"
        /// Percent-encoding, UTF-8 or a control character.
        public static let encoding = "encoding"
        /// The body is not what its media type says.
        public static let syntax = "syntax"
        /// A parameter, cookie or part that the document does not know.
        public static let undocumented = "undocumented"
        /// A property that only responses may hold.
        public static let readOnly = "readOnly"
        /// A property that only requests may hold.
        public static let writeOnly = "writeOnly"
        /// A part, file or header of another media type than documented.
        public static let contentType = "contentType"
        /// A status code or media type that the operation does not document.
        public static let response = "response"
        /// More fields, parts or parameters than the limits allow.
        public static let limit = "limit"
    }
}
