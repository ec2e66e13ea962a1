/// One answer as it was captured.
public struct CapturedResponse: Sendable {
    /// The address that was asked.
    public var url: GradedURL
    /// The status.
    public var status: Int
    /// The fields in order, names in any case.
    public var fields: [(name: String, value: String)]
    /// The body, as text; only looked at where it is HTML.
    public var body: String
    /// False when it came over TLS with a certificate that does not verify.
    public var isVerified: Bool

    /// A captured answer.
    public init(url: GradedURL, status: Int, fields: [(name: String, value: String)], body: String = "", isVerified: Bool = true) {
        self.url = url
        self.status = status
        self.fields = fields
        self.body = body
        self.isVerified = isVerified
    }

    /// Every value of a field, in order.
    func values(_ name: String) -> [String] {
        fields.filter { $0.name.utf8.count == name.utf8.count && $0.name.lowercased() == name }.map(\.value)
    }

    /// All values of a field as one, joined by commas as HTTP allows; `nil` when it is not there.
    func joined(_ name: String) -> String? {
        let values = values(name)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}

/// All that is known of a site when it is graded.
public struct SiteCapture: Sendable {
    /// The host that is graded.
    public var host: String
    /// The last answer of the way that begins at `https://host/`; `nil`: nothing answers there.
    public var https: CapturedResponse?
    /// The last answer of the way that begins at `http://host/`; `nil`: nothing answers there.
    public var http: CapturedResponse?
    /// The addresses of that way, the first one included.
    public var httpRoute: [GradedURL]
    /// The answer to a preflight for GET from ``probeOrigin``; `nil` for none.
    public var preflight: CapturedResponse?
    /// Every answer that could set cookies, in the order it came.
    public var history: [CapturedResponse]
    /// True when the host is in the browsers' HSTS preload list.
    public var isPreloaded: Bool
    /// Seconds since 1970 at the capture, for the life of cookies.
    public var time: Int64

    /// The origin that a probe for CORS names; of no site that would be let in.
    public static let probeOrigin = "https://probe.gatehouse.invalid"

    /// A capture.
    public init(
        host: String, https: CapturedResponse?, http: CapturedResponse?, httpRoute: [GradedURL] = [], preflight: CapturedResponse? = nil,
        history: [CapturedResponse] = [], isPreloaded: Bool = false, time: Int64 = 0
    ) {
        self.host = host
        self.https = https
        self.http = http
        self.httpRoute = httpRoute
        self.preflight = preflight
        self.history = history
        self.isPreloaded = isPreloaded
        self.time = time
    }

    /// The answer whose headers are graded: that over https where there is one.
    var page: CapturedResponse? { https ?? http }
}
