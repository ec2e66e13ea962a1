/// Whether rules act, only watch, or rest (`SecRuleEngine`).
public enum EngineMode: String, Sendable {
    /// Matches of disruptive rules interrupt the exchange.
    case on
    /// Rules run and are recorded; nothing is interrupted.
    case detectionOnly
    /// No rule runs.
    case off

    init(setting: String) throws(Complaint) {
        switch setting.lowercased() {
        case "on": self = .on
        case "off": self = .off
        case "detectiononly": self = .detectionOnly
        default: throw Complaint("expected On, Off or DetectionOnly, not `\(setting)`")
        }
    }
}

/// What reads a request's body (`ctl:requestBodyProcessor`).
public enum BodyProcessor: String, Sendable {
    case urlEncoded = "URLENCODED"
    case multipart = "MULTIPART"
    case json = "JSON"
    case xml = "XML"

    init(setting: String) throws(Complaint) {
        guard let processor = BodyProcessor(rawValue: setting.uppercased()) else { throw Complaint("unknown body processor `\(setting)`") }
        self = processor
    }
}

/// What happens to a body over its limit.
public enum BodyLimitAction: Sendable {
    /// The exchange is refused.
    case reject
    /// What fits is inspected.
    case processPartial
}

/// What directives say about the engine itself.
public struct Settings: Sendable {
    /// No limit on a body may be higher: 1 GiB.
    public static let bodyHardLimit = 1_073_741_824

    /// `SecRuleEngine`; off until it is said.
    public var mode = EngineMode.off
    /// `SecRequestBodyAccess`
    public var readsRequestBody = false
    /// `SecRequestBodyLimit`, in bytes.
    public var requestBodyLimit = 13_107_200
    /// `SecRequestBodyNoFilesLimit`, in bytes: the body less its uploaded files.
    public var requestBodyNoFilesLimit = 1_048_576
    /// `SecRequestBodyLimitAction`
    public var requestBodyLimitAction = BodyLimitAction.reject
    /// `SecRequestBodyJsonDepthLimit`
    public var jsonDepthLimit = 10_000
    /// `SecArgumentsLimit`: how many arguments a request may have.
    public var argumentsLimit = 1_000
    /// `SecUploadFileLimit`: how many files one request may upload.
    public var uploadFileLimit = 100
    /// `SecResponseBodyAccess`
    public var readsResponseBody = false
    /// `SecResponseBodyLimit`, in bytes.
    public var responseBodyLimit = 524_288
    /// `SecResponseBodyLimitAction`
    public var responseBodyLimitAction = BodyLimitAction.reject
    /// `SecResponseBodyMimeType`: the types whose bodies rules look at; an empty text stands for a response without a type.
    public var responseBodyTypes: Set<String> = ["text/plain", "text/html"]
    /// `SecArgumentSeparator`
    public var argumentSeparator = UInt8(ascii: "&")
    /// `SecCookieFormat`: 0 (Netscape) or 1 (RFC 2109).
    public var cookieFormat = 0
    /// `SecCookieV0Separator`
    public var cookieSeparator: UInt8?
    /// `SecCollectionTimeout`, in seconds.
    public var collectionTimeout = 3_600
    /// `SecPcreMatchLimit`: how many steps one regular expression may take on one value. Over it the exchange is refused.
    public var matchLimit = 1_000_000
    /// `SecAuditEngine`
    public var auditMode = "off"
    /// `SecAuditLogRelevantStatus`
    public var auditRelevantStatus: String?
    /// `SecWebAppId`
    public var applicationID = "default"
    /// `SecSensorId`
    public var sensorID = ""
    /// `SecServerSignature`
    public var serverSignature: String?
    /// `SecComponentSignature`, in order.
    public var components: [String] = []
    /// `SecInterceptOnError`: whether a rule that fails ends the phase.
    public var interruptsOnError = false
    /// `SecGeoLookupDB`
    var geo: (any GeoLookup)?

    static func isAuditParts(_ text: some StringProtocol) -> Bool { !text.isEmpty && text.allSatisfy { "ABCDEFGHIJKZ".contains($0) } }
}
