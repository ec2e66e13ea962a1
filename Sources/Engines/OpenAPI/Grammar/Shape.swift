/// The objects that the specification names, as far as they have fields of their own.
enum ObjectKind: String, Sendable, Hashable {
    case openAPI = "OpenAPI"
    case info = "Info"
    case contact = "Contact"
    case license = "License"
    case server = "Server"
    case serverVariable = "Server Variable"
    case components = "Components"
    case paths = "Paths"
    case pathItem = "Path Item"
    case operation = "Operation"
    case externalDocumentation = "External Documentation"
    case parameter = "Parameter"
    case requestBody = "Request Body"
    case mediaType = "Media Type"
    case encoding = "Encoding"
    case responses = "Responses"
    case response = "Response"
    case callback = "Callback"
    case example = "Example"
    case link = "Link"
    case header = "Header"
    case tag = "Tag"
    case securityScheme = "Security Scheme"
    case oauthFlows = "OAuth Flows"
    case implicitFlow = "OAuth implicit Flow"
    case passwordFlow = "OAuth password Flow"
    case clientCredentialsFlow = "OAuth client credentials Flow"
    case authorizationCodeFlow = "OAuth authorization code Flow"
    case deviceAuthorizationFlow = "OAuth device authorization Flow"
    case discriminator = "Discriminator"
    case xml = "XML"
    case schema30 = "Schema"
}

/// What may stand in one place of a document.
indirect enum Rule: Sendable {
    case any
    case string
    case bool
    case number
    /// A number above zero.
    case positiveNumber
    /// A whole number from zero on.
    case count
    case oneOf([String])
    case object(ObjectKind)
    /// The object, or a Reference Object that leads to one.
    case objectOrReference(ObjectKind)
    /// A Schema Object in the document's dialect, or a reference to one.
    case schema
    case array(Rule, minimum: Int = 0, unique: Bool = false)
    case map(Rule, keys: KeyRule = .any, count: ClosedRange<Int> = 0...Int.max)
    case either(Rule, Rule)
    /// Nothing may stand here.
    case never(reason: String)
}

/// What a field of a map may be called.
enum KeyRule: Sendable {
    case any
    /// `^[a-zA-Z0-9._-]+$`
    case component
    /// A method outside the named ones, of HTTP's token characters.
    case additionalMethod
}

/// The fields that an object has.
struct Shape: Sendable {
    var fields: [String: Rule]
    var required: [String] = []
    /// Fields beyond the named ones, by the start or form of their names.
    var pattern: FieldPattern?
    /// Whether fields that begin with `x-` may stand in it.
    var allowsExtensions = true
    /// Whether unknown fields are passed over, as the specification leaves them open.
    var isOpen = false
    /// Groups of which at most one field may be set.
    var exclusive: [[String]] = []
    /// Groups of which at least one field must be set.
    var needsOneOf: [[String]] = []
    var minimumFields = 0
}

/// A family of field names with one rule.
enum FieldPattern: Sendable {
    case paths(Rule)
    case statusCodes(Rule)
    case everything(Rule)

    func rule(for name: String) -> Rule? {
        switch self {
        case .paths(let rule): name.utf8.first == UInt8(ascii: "/") ? rule : nil
        case .statusCodes(let rule): StatusPattern(name) != nil ? rule : nil
        case .everything(let rule): rule
        }
    }
}
