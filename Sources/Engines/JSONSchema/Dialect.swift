/// Which keywords a schema is made of, and what they mean.
public struct Dialect: Sendable, Hashable {
    /// The generation of the standard.
    public var draft: Draft
    /// The active vocabularies; those of the draft unless a metaschema says otherwise.
    public var vocabularies: Vocabularies

    /// The generations that are understood.
    public enum Draft: Int, Sendable, Hashable, Comparable, CaseIterable {
        case draft4 = 4
        case draft6 = 6
        case draft7 = 7
        case draft201909 = 19
        case draft202012 = 20
        /// The schema objects of OpenAPI 3.0: a cut of draft 4 with `nullable`.
        case openAPI30 = 30

        /// Older drafts are less.
        public static func < (a: Draft, b: Draft) -> Bool { a.order < b.order }

        /// OpenAPI 3.0 stands beside draft 4.
        private var order: Int { self == .openAPI30 ? 4 : rawValue }
    }

    /// Groups of keywords that a metaschema turns on one by one (2019-09 and later).
    public struct Vocabularies: OptionSet, Sendable, Hashable {
        /// The bits.
        public let rawValue: Int
        /// A set of these bits.
        public init(rawValue: Int) { self.rawValue = rawValue }
        /// `$ref`, `$id` and their kind; always on.
        public static let core = Vocabularies(rawValue: 1)
        /// Keywords that apply subschemas.
        public static let applicator = Vocabularies(rawValue: 2)
        /// `unevaluatedItems` and `unevaluatedProperties`.
        public static let unevaluated = Vocabularies(rawValue: 4)
        /// Assertions: `type`, `minimum`, `required` and their kind.
        public static let validation = Vocabularies(rawValue: 8)
        /// `title`, `default` and their kind; no effect on the verdict.
        public static let metaData = Vocabularies(rawValue: 16)
        /// `format` says what a string is meant to be.
        public static let formatAnnotation = Vocabularies(rawValue: 32)
        /// `format` refuses what it does not describe.
        public static let formatAssertion = Vocabularies(rawValue: 64)
        /// `contentEncoding`, `contentMediaType`, `contentSchema`.
        public static let content = Vocabularies(rawValue: 128)
        /// All but the assertion of formats.
        public static let standard: Vocabularies = [
            .core, .applicator, .unevaluated, .validation, .metaData, .formatAnnotation, .content,
        ]
    }

    /// A draft with its standard vocabularies.
    public init(_ draft: Draft, vocabularies: Vocabularies = .standard) {
        self.draft = draft
        self.vocabularies = vocabularies
    }

    /// Draft 4.
    public static let draft4 = Dialect(.draft4)
    /// Draft 6.
    public static let draft6 = Dialect(.draft6)
    /// Draft 7.
    public static let draft7 = Dialect(.draft7)
    /// Draft 2019-09.
    public static let draft201909 = Dialect(.draft201909)
    /// Draft 2020-12.
    public static let draft202012 = Dialect(.draft202012)
    /// Schema objects of OpenAPI 3.0: `nullable`, boolean `exclusiveMinimum`, no siblings of `$ref`.
    public static let openAPI30 = Dialect(.openAPI30)
    /// Schema objects of OpenAPI 3.1 and 3.2 (the OAS base vocabulary adds annotations alone).
    public static let openAPI31 = Dialect(.draft202012)

    /// The dialect a `$schema` URI names by itself, with or without an empty fragment.
    init?(uri: String) {
        switch uri.hasSuffix("#") ? String(uri.dropLast()) : uri {
        case "http://json-schema.org/draft-04/schema": self = .draft4
        case "http://json-schema.org/draft-06/schema": self = .draft6
        case "http://json-schema.org/draft-07/schema": self = .draft7
        case "https://json-schema.org/draft/2019-09/schema": self = .draft201909
        case "https://json-schema.org/draft/2020-12/schema": self = .draft202012
        case "https://spec.openapis.org/oas/3.1/dialect/base", "https://spec.openapis.org/oas/3.1/dialect/2024-11-10",
            "https://spec.openapis.org/oas/3.2/dialect/2025-09-17":
            self = .openAPI31
        default: return nil
        }
    }

    /// Drafts in which a `$ref` makes its siblings void.
    var ignoresSiblingsOfReference: Bool { draft <= .draft7 }

    /// The keyword that names a schema.
    var identifierKeyword: String? {
        switch draft {
        case .draft4: "id"
        case .openAPI30: nil
        default: "$id"
        }
    }
}
