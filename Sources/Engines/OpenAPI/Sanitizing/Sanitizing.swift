/// What may be changed in a request on its way, each only where it is asked for.
public struct SanitizeSteps: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: Int
    /// Steps of the given bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Remove query parameters, form fields and JSON properties that the document does not name.
    public static let stripUnknown = SanitizeSteps(rawValue: 1)
    /// Remove JSON properties that are `readOnly`.
    public static let stripReadOnly = SanitizeSteps(rawValue: 2)
    /// Remove white space at both ends of texts.
    public static let trim = SanitizeSteps(rawValue: 4)
    /// Bring texts into Unicode's normalization form C.
    public static let normalize = SanitizeSteps(rawValue: 8)
    /// Add documented defaults of what is missing.
    public static let fillDefaults = SanitizeSteps(rawValue: 16)
}

/// One change that was made. It names the place and never holds a value.
public struct SanitizeChange: Sendable, Hashable, CustomStringConvertible {
    /// What was done.
    public enum Kind: String, Sendable, Hashable {
        case removedUnknown, removedReadOnly, trimmed, normalized, filledDefault
    }

    /// What was done.
    public let kind: Kind
    /// The part of the request.
    public let location: OpenAPIIssue.Location
    /// The parameter's or field's name, or the property's JSON Pointer.
    public let name: String

    /// Kind, part and name.
    public var description: String { "\(kind.rawValue) \(location.rawValue) \(name)" }
}

/// What a request became. Parts that are nil are to be sent on byte for byte as they came.
public struct SanitizedRequest: Sendable {
    /// The new query string, without `?`.
    public internal(set) var query: String?
    /// The new body, not compressed.
    public internal(set) var body: [UInt8]?
    /// Headers to add, in lower case.
    public internal(set) var addedHeaders: [(name: String, value: String)] = []
    /// Whether `Content-Encoding` must go, since the new body is not compressed.
    public internal(set) var dropsContentEncoding = false
    /// What was changed, in the order it was found; the first 1,000.
    public internal(set) var changes: [SanitizeChange] = []

    /// A request without a change.
    public init() {}
}

extension OpenAPIValidator {
    /// Changes a request where it is asked for, to be judged afterwards.
    ///
    /// Texts of `format: password` are never trimmed or normalized. JSON and urlencoded bodies are changed, others are left alone, as
    /// are requests of unknown operations and bodies that cannot be read. A JSON body with a change is written anew without white space.
    public func sanitize(_ head: RequestHead, body: [UInt8], by steps: SanitizeSteps) -> SanitizedRequest {
        var result = SanitizedRequest()
        guard !steps.isEmpty, case .matched(let matched) = RequestJudge(model: model, head: head).route() else { return result }
        let operation = matched.operation
        QuerySanitizer(model: model, steps: steps).sanitize(head.query ?? "", operation, &result)
        if steps.contains(.fillDefaults) { addHeaders(operation, head, &result) }
        BodySanitizer(model: model, steps: steps).sanitize(body, head, operation, &result)
        return result
    }

    private func addHeaders(_ operation: CompiledOperation, _ head: RequestHead, _ result: inout SanitizedRequest) {
        for parameter in operation.headerParameters where head.headers.values(of: parameter.name).isEmpty {
            guard let texts = DefaultText.texts(of: parameter.defaultValue) else { continue }
            result.addedHeaders.append((parameter.name, texts.joined(separator: ",")))
            result.note(.filledDefault, .header, parameter.name)
        }
    }
}

extension SanitizedRequest {
    mutating func note(_ kind: SanitizeChange.Kind, _ location: OpenAPIIssue.Location, _ name: String) {
        guard changes.count < 1_000 else { return }
        changes.append(SanitizeChange(kind: kind, location: location, name: name))
    }
}
