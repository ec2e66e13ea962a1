public import GatehouseConfiguration
internal import GatehouseCore
public import GatehouseGuards
internal import HTTPWire
internal import NIOCore
internal import OpenAPI

/// Hygiene of request bodies where no document says what they are.
///
/// Refuses: JSON that two parsers read differently (duplicate keys, NaN, lone surrogates, broken UTF-8, a byte order mark, trailing bytes,
/// depth, size, numbers beyond a double), XML with a document type, forms and multipart bodies that are malformed, charsets and content
/// codings that cannot be read (415), file names with a path in them, files that a server would run, and files that are not what they say.
///
/// Limits: JSON, XML and form bodies are held up to `limit`; of multipart bodies 64 KiB are held and the rest is looked at as it flows. Bodies of other media
/// types are not looked at. Cost: about two microseconds per kilobyte of JSON.
public struct BodyGuard: Guard {
    /// The name in the configuration and in events.
    public let name = "bodies"
    /// The phases that it wants.
    public let phases: GuardPhases = [.requestHead, .requestBody]

    private let settings: BodiesGuardSettings
    private let rules: UploadRules
    private static let slot = GuardSlot<BodyPlan>("bodies")
    /// Bytes of a multipart body that are held to be looked into.
    static let uploadBeginning = 64 * 1024

    /// Makes the settings of a route ready.
    public init(_ settings: BodiesGuardSettings) {
        self.settings = settings
        rules = UploadRules(settings)
    }

    /// Looks at media type, charset and coding, and asks for the body where there is something to see in it.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        guard exchange.request.framing.hasBytes != false, let line = exchange.request.fields[.contentType] else { return .pass }
        guard let type = MediaType(line) else {
            return refuse(415, "content_type", "the content type is malformed")
        }
        guard let plan = BodyPlan(type) else { return .pass }
        if let charset = type[parameter: "charset"], plan.kind != .multipart, !plan.reads(charset) {
            return refuse(415, "charset", "the charset is not one that is read here")
        }
        exchange[Self.slot] = plan
        if plan.kind == .multipart {
            return watch(plan, exchange)
        } else {
            let longer: RequestBodyDemand.Longer = settings.mode == .enforce ? .refuse : .beginning
            exchange.needsRequestBody(RequestBodyDemand(limit: settings.limit.bytes, longer: longer))
        }
        return .pass
    }

    /// Files are looked at as they flow past; only their beginning is held, so that most of what is refused never reaches the service.
    private func watch(_ plan: BodyPlan, _ exchange: Exchange) -> Verdict {
        guard exchange.request.fields.values(of: .contentEncoding).isEmpty else {
            return refuse(415, "content_coding", "a form with files must not be compressed")
        }
        guard let scan = UploadScan(plan.type, rules) else {
            return refuse(400, "multipart", "the content type names no boundary of 1 to 70 characters")
        }
        exchange.watchRequestBody(UploadWatch(scan, guardName: name, mode: settings.mode))
        exchange.needsRequestBody(RequestBodyDemand(limit: Self.uploadBeginning, longer: .beginning))
        return .pass
    }

    /// Reads the body, unless its document has done so.
    public func requestBody(_ exchange: Exchange) -> Verdict {
        guard let plan = exchange[Self.slot], exchange.requestBody.readableBytes > 0 else { return .pass }
        guard plan.kind != .multipart, exchange[OpenAPIGuard.slot]?.hasReadBody != true else { return .pass }
        let sent = Array(exchange.requestBody.readableBytesView)
        let check = BodyCheck(settings: settings)
        do throws(BodyFinding) {
            guard !exchange.requestBodyIsBeginning else {
                throw BodyFinding(413, "length", "body longer than \(settings.limit.bytes) bytes")
            }
            let codings = exchange.request.fields.values(of: .contentEncoding)
            try check.check(sent, plan, codings: codings)
            return .pass
        } catch {
            return .refuse(error.refusal)
        }
    }

    private func refuse(_ status: Int, _ rule: String, _ reason: String) -> Verdict {
        .refuse(BodyFinding(status, rule, reason).refusal)
    }
}

/// How the body of one request is looked at.
struct BodyPlan: Sendable {
    enum Kind: Sendable { case json, xml, form, multipart }

    let kind: Kind
    let type: MediaType

    /// nil for media types in which there is nothing to see.
    init?(_ type: MediaType) {
        switch (type.type, type.subtype) {
        case ("application", "x-www-form-urlencoded"): kind = .form
        case ("multipart", "form-data"): kind = .multipart
        case (_, "json"), ("application", "csp-report"), ("application", "manifest+json"): kind = .json
        case ("application", "xml"), ("text", "xml"): kind = .xml
        default:
            switch type.suffix {
            case "json": kind = .json
            case "xml": kind = .xml
            default: return nil
            }
        }
        self.type = type
    }

    /// JSON, XML and forms are UTF-8 here; ASCII is a part of it.
    func reads(_ charset: String) -> Bool { ["utf-8", "utf8", "us-ascii"].contains(charset) }
}

/// Why a body is refused.
struct BodyFinding: Error {
    let status: Int
    let rule: String
    let reason: String

    init(_ status: Int, _ rule: String, _ reason: String) {
        self.status = status
        self.rule = rule
        self.reason = reason
    }

    /// What the caller and the log learn.
    var refusal: Refusal {
        let violation = Problem.Violation(location: "body", pointer: "", keyword: rule, message: reason)
        return Refusal(
            Problem(status: status, errors: status == 413 ? [] : [violation]), rule: rule, reason: reason, severity: .medium)
    }
}
