/// How a parameter's value is written, by the names of the specification.
enum ParameterStyle: String, Sendable, Hashable {
    case simple, label, matrix, form, spaceDelimited, pipeDelimited, deepObject
    /// 3.2: `name=value; name=value` without percent-encoding.
    case cookie

    /// Where `explode` is not set, it holds for the styles that repeat names.
    var explodesByDefault: Bool { self == .form || self == .cookie }
}

/// Where a parameter is found.
enum ParameterPlace: String, Sendable, Hashable {
    case path, query, querystring, header, cookie

    var defaultStyle: ParameterStyle {
        switch self {
        case .path, .header: .simple
        case .query, .querystring, .cookie: .form
        }
    }

    var issueLocation: OpenAPIIssue.Location {
        switch self {
        case .path: .path
        case .query, .querystring: .query
        case .header: .header
        case .cookie: .cookie
        }
    }
}

/// A parameter's text taken apart, not yet given types.
enum Serialized: Sendable, Hashable {
    case scalar(String)
    case list([String])
    case fields([Field])

    struct Field: Sendable, Hashable {
        let name: String
        let value: String
    }
}

/// Why a parameter's text could not be taken apart.
enum StyleFault: Error, Hashable {
    case repeated
    case badEncoding
    case malformed

    var keyword: String {
        switch self {
        case .repeated: OpenAPIIssue.Keyword.repeated
        case .badEncoding: OpenAPIIssue.Keyword.encoding
        case .malformed: OpenAPIIssue.Keyword.style
        }
    }

    var reason: String {
        switch self {
        case .repeated: "it takes one value and was sent more than once"
        case .badEncoding: "its percent-encoding or UTF-8 is broken"
        case .malformed: "its text does not have the documented form"
        }
    }
}

/// The kind of value a text is taken apart for.
enum SerializedForm: Sendable {
    case scalar, list, fields
}
