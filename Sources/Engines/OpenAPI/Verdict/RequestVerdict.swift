/// What a description says about one request.
public struct RequestVerdict: Sendable {
    /// The verdict; each but `valid` names the status a gate answers with.
    public enum Kind: Sendable, Hashable {
        /// Nothing is wrong.
        case valid
        /// 404: no path of the description fits.
        case notFound
        /// 405: the path is known, the method is not. Carries what `Allow` should list.
        case methodNotAllowed(allowed: [String])
        /// 401: credentials are missing. Carries what `WWW-Authenticate` may list.
        case unauthorized(challenges: [String])
        /// 406: the client takes none of the media types the operation answers with.
        case notAcceptable
        /// 413: the body exceeds the limit on size or on growth. Carries the limit in bytes.
        case tooLarge(limit: Int)
        /// 415: the media type, charset or content coding is not documented. Carries the documented types.
        case unsupportedMediaType(supported: [String])
        /// 400: see the issues.
        case badRequest
    }

    /// What the gate should do.
    public internal(set) var kind: Kind
    /// The operation, as far as one was found.
    public internal(set) var operation: OpenAPIOperation?
    /// What is wrong, the first ones up to the limit.
    public internal(set) var issues: [OpenAPIIssue]
    /// What the description does not know; not wrong by itself.
    public internal(set) var undocumented: [UndocumentedItem]

    init(_ kind: Kind, operation: OpenAPIOperation? = nil, issues: [OpenAPIIssue] = [], undocumented: [UndocumentedItem] = []) {
        self.kind = kind
        self.operation = operation
        self.issues = issues
        self.undocumented = undocumented
    }

    /// True where nothing is wrong.
    public var isValid: Bool { kind == .valid }

    /// The status code of an answer that refuses; nil for a valid request.
    public var status: Int? { kind.status }
}

// Neither is inlined: the optimizer of Swift 6.3.1 stops at a copy of the enum inside a borrowed verdict.
extension RequestVerdict.Kind {
    /// The status code of an answer that refuses; nil for a valid request.
    @inline(never)
    public var status: Int? {
        switch self {
        case .valid: nil
        case .badRequest: 400
        case .unauthorized: 401
        case .notFound: 404
        case .methodNotAllowed: 405
        case .notAcceptable: 406
        case .tooLarge: 413
        case .unsupportedMediaType: 415
        }
    }

    /// The verdict's name without what it carries, for logs and metrics.
    @inline(never)
    public var name: String {
        switch self {
        case .valid: "valid"
        case .badRequest: "badRequest"
        case .unauthorized: "unauthorized"
        case .notFound: "notFound"
        case .methodNotAllowed: "methodNotAllowed"
        case .notAcceptable: "notAcceptable"
        case .tooLarge: "tooLarge"
        case .unsupportedMediaType: "unsupportedMediaType"
        }
    }
}

/// What a description says about one response.
public struct ResponseVerdict: Sendable {
    /// The verdict.
    public enum Kind: Sendable, Hashable {
        /// Nothing is wrong.
        case valid
        /// The response is not what the operation documents.
        case responseMismatch
    }

    /// The verdict.
    public let kind: Kind
    /// What is wrong, the first ones up to the limit.
    public let issues: [OpenAPIIssue]
    /// What the description does not know; not wrong by itself.
    public let undocumented: [UndocumentedItem]

    init(issues: [OpenAPIIssue], undocumented: [UndocumentedItem]) {
        kind = issues.isEmpty ? .valid : .responseMismatch
        self.issues = issues
        self.undocumented = undocumented
    }

    /// True where nothing is wrong.
    public var isValid: Bool { kind == .valid }
}

/// Something in traffic that the description does not know.
public struct UndocumentedItem: Sendable, Hashable, CustomStringConvertible {
    /// What it is.
    public enum Kind: String, Sendable, Hashable {
        case path, method, query, cookie, body, requestProperty, responseProperty, status
    }

    /// What it is.
    public let kind: Kind
    /// Its name: of a parameter or method, a status, or a property's JSON Pointer with `*` for places in arrays. Empty for paths and bodies.
    public let name: String

    /// Kind and name.
    public var description: String { name.isEmpty ? kind.rawValue : "\(kind.rawValue) \(name)" }
}
