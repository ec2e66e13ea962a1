internal import StrictJSON

/// What is done beyond the document's words. The defaults refuse what a backend and this engine could read differently.
public struct OpenAPIOptions: Sendable {
    /// What happens to something the document does not know.
    public enum Unknown: String, Sendable {
        /// It is reported and let through.
        case report
        /// It is an issue.
        case refuse
    }

    /// Base paths in place of those of the document's servers, such as `["/v1"]`; `["/"]` for none. Default nil: the servers'.
    public var basePaths: [String]?
    /// Query parameters that the operation does not document. Default `report`.
    public var unknownQueryParameters = Unknown.report
    /// A body sent to an operation that documents none. Default `refuse`.
    public var unknownBodies = Unknown.refuse
    /// Whether `readOnly` properties in requests and `writeOnly` ones in responses are issues. Default true.
    public var refusesForeignProperties = true
    /// Whether `%2F` and `%5C` may stand in a path. Default false.
    public var allowsEncodedSlash = false
    /// Whether characters that `allowReserved: false` asks to be encoded are refused when they are not. Default false: most clients leave them.
    public var refusesUnencodedReserved = false
    /// Whether `HEAD` is judged as `GET` where the document has no operation of its own for it. Default true.
    public var headFollowsGet = true
    /// Whether credentials that `security` names must be there. Default true.
    public var checksSecurity = true
    /// Whether a request that accepts none of the documented media types is refused. Default true.
    public var checksAccept = true
    /// Whether a schema that the engine cannot compile refuses the document; otherwise the keyword is dropped with a warning. Default false.
    public var refusesFaultySchemas = false
    /// Whether properties that no schema names are reported. Default true.
    public var reportsUndocumentedProperties = true
    /// Issues collected for one message. Default 10.
    public var issues = 10
    /// Bytes of a body, as sent and as opened. Default 10 MiB.
    public var bodyBytes = 10 << 20
    /// How many times larger a compressed body may become, beyond 64 KiB. Default 100.
    public var compressionRatio = 100
    /// Nesting of a JSON or XML body. Default 64.
    public var bodyDepth = 64
    /// Values in a body. Default 200,000.
    public var bodyElements = 200_000
    /// Pairs of a query, cookies or a form. Default 1,000.
    public var pairs = 1_000
    /// Parts of a multipart body. Default 1,000.
    public var parts = 1_000

    /// The defaults.
    public init() {}

    /// At least one issue is collected: without any, nothing would be wrong.
    var issueLimit: Int { max(issues, 1) }

    var jsonLimits: JSONLimits {
        var limits = JSONLimits()
        limits.bytes = bodyBytes
        limits.depth = bodyDepth
        limits.elements = bodyElements
        return limits
    }
}
