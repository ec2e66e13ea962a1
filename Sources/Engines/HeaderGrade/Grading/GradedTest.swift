/// One test of a grade.
public struct GradedTest: Sendable, Equatable {
    /// Which test.
    public enum Name: String, Sendable, CaseIterable {
        case contentSecurityPolicy = "content-security-policy"
        case cookies
        case crossOriginResourceSharing = "cross-origin-resource-sharing"
        case redirection
        case referrerPolicy = "referrer-policy"
        case strictTransportSecurity = "strict-transport-security"
        case subresourceIntegrity = "subresource-integrity"
        case contentTypeOptions = "x-content-type-options"
        case frameOptions = "x-frame-options"
        case crossOriginResourcePolicy = "cross-origin-resource-policy"
        case crossOriginEmbedderPolicy = "cross-origin-embedder-policy"
        case crossOriginOpenerPolicy = "cross-origin-opener-policy"
    }

    /// Which test.
    public let name: Name
    /// What it found.
    public let result: GradeResult

    /// Points that it gives or takes; those it gives count only where penalties leave 90 or more.
    public var points: Int { result.points }
    /// What was found, in a sentence.
    public var why: String { result.facts.why }
    /// The line of the configuration, or the change to the service, that mends it; empty where nothing need be done.
    public var remedy: String { result.facts.remedy }
}

/// A site's grade by the Mozilla HTTP Observatory's scoring, algorithm 6.
public struct HeaderGrade: Sendable, Equatable {
    /// All tests, in a fixed order.
    public let tests: [GradedTest]
    /// 0 and more.
    public let score: Int
    /// `A+` to `F`.
    public let grade: String

    /// Adds up the points of tests.
    init(_ tests: [GradedTest]) {
        self.tests = tests
        let penalties = tests.map(\.points).filter { $0 < 0 }.reduce(0, +)
        let bonus = tests.map(\.points).filter { $0 > 0 }.reduce(0, +)
        let base = 100 + penalties
        score = max(0, base >= 90 ? base + bonus : base)
        grade = Self.letter(score)
    }

    /// Grades a captured site.
    public init(_ capture: SiteCapture) {
        let page = capture.page.map { PageElements(Self.isHTML($0) ? $0.body : "") }
        let policy = PolicyCheck(capture, page)
        let transport = TransportCheck.strictTransportSecurity(capture)
        self.init([
            GradedTest(name: .contentSecurityPolicy, result: policy.result),
            GradedTest(name: .cookies, result: CookieCheck.result(capture, transport: transport)),
            GradedTest(name: .crossOriginResourceSharing, result: FieldCheck.sharing(capture)),
            GradedTest(name: .redirection, result: TransportCheck.redirection(capture)),
            GradedTest(name: .referrerPolicy, result: FieldCheck.referrerPolicy(capture, page)),
            GradedTest(name: .strictTransportSecurity, result: transport),
            GradedTest(name: .subresourceIntegrity, result: IntegrityCheck.result(capture, page)),
            GradedTest(name: .contentTypeOptions, result: FieldCheck.contentTypeOptions(capture)),
            GradedTest(name: .frameOptions, result: FieldCheck.frameOptions(capture, policy)),
            GradedTest(name: .crossOriginResourcePolicy, result: FieldCheck.resourcePolicy(capture)),
            GradedTest(name: .crossOriginEmbedderPolicy, result: FieldCheck.embedderPolicy(capture)),
            GradedTest(name: .crossOriginOpenerPolicy, result: FieldCheck.openerPolicy(capture)),
        ])
    }

    /// The letter of a score.
    public static func letter(_ score: Int) -> String {
        switch score / 5 * 5 {
        case 100...: "A+"
        case 90...: "A"
        case 85...: "A-"
        case 80...: "B+"
        case 70...: "B"
        case 65...: "B-"
        case 60...: "C+"
        case 50...: "C"
        case 45...: "C-"
        case 40...: "D+"
        case 30...: "D"
        case 25...: "D-"
        default: "F"
        }
    }

    static func isHTML(_ response: CapturedResponse) -> Bool {
        let type = trim((response.joined("content-type") ?? "").prefix { $0 != ";" }).lowercased()
        return type.isEmpty || type == "text/html" || type == "application/xhtml+xml"
    }
}
