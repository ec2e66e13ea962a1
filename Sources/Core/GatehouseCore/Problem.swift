/// A problem document (RFC 9457): all that a caller learns of an error.
public struct Problem: Sendable, Equatable {
    /// The HTTP status code, 400 to 599.
    public var status: Int
    /// Address of a page that explains this kind of problem; `about:blank` says no more than the status.
    public var type: String
    /// The kind of problem in a few words, the same for every occurrence.
    public var title: String
    /// What the caller can do about this occurrence; `nil` for none. Never holds values of the request or of the backend.
    public var detail: String?
    /// Violations that the caller may know of, such as the places of invalid values.
    public var errors: [Violation]

    /// One place in the request that broke a rule.
    public struct Violation: Sendable, Equatable {
        /// Where: `body`, `query`, `path`, `header`, `cookie`.
        public var location: String
        /// JSON Pointer or parameter name of the place.
        public var pointer: String
        /// The rule that it broke, such as `maxLength`.
        public var keyword: String
        /// A sentence without the value.
        public var message: String

        /// Makes a violation of a rule at a place.
        public init(location: String, pointer: String, keyword: String, message: String) {
            self.location = location
            self.pointer = pointer
            self.keyword = keyword
            self.message = message
        }
    }

    /// A problem that says what its status says, or more.
    public init(
        status: Int, type: String = "about:blank", title: String? = nil, detail: String? = nil, errors: [Violation] = []
    ) {
        self.status = status
        self.type = type
        self.title = title ?? Self.phrase(for: status)
        self.detail = detail
        self.errors = errors
    }

    /// The registered reason phrase of an error status (RFC 9110, section 15; RFC 6585).
    public static func phrase(for status: Int) -> String {
        phrases[status] ?? (status < 500 ? "Request refused" : "Server error")
    }

    private static let phrases: [Int: String] = [
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required",
        412: "Precondition Failed", 413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
        416: "Range Not Satisfiable", 417: "Expectation Failed", 421: "Misdirected Request", 422: "Unprocessable Content",
        425: "Too Early", 426: "Upgrade Required", 428: "Precondition Required", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 451: "Unavailable For Legal Reasons", 500: "Internal Server Error",
        501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
        505: "HTTP Version Not Supported",
    ]
}
