internal import StrictJSON

/// A parameter or header, ready to be read and judged.
struct CompiledParameter: Sendable {
    let name: String
    let place: ParameterPlace
    let isRequired: Bool
    let allowsEmptyValue: Bool
    let allowsReserved: Bool
    let style: ParameterStyle
    let explode: Bool
    /// JSON Pointer of the Parameter Object, for messages.
    let pointer: String
    let shape: Int
    /// Number of the schema; nil where the parameter has `content` or no schema.
    let schema: Int?
    /// Set where the parameter is described by `content`.
    let content: CompiledMedia?
    let defaultValue: JSONValue?
    /// The forms the value may be taken apart for, the likeliest first.
    let forms: [SerializedForm]
    /// Properties of an exploded object, which the parameter takes as its own.
    let fieldNames: Set<String>
    /// Whether an exploded object takes names that nothing else documents.
    let takesOtherNames: Bool
    /// The schema may take text as another type too, so that a second reading is tried.
    let isAmbiguous: Bool
}

/// A media type of a body with what it is read and judged by.
struct CompiledMedia: Sendable {
    let range: MediaType
    /// As the document writes it.
    let text: String
    let shape: Int
    let schema: Int?
    let itemSchema: Int?
    let itemShape: Int
    let encodings: [String: CompiledEncoding]
    /// 3.2, multipart without names: encodings by place, and for the rest.
    let prefixEncodings: [CompiledEncoding]
    let itemEncoding: CompiledEncoding?
    let pointer: String
}

/// What an Encoding Object says about one property of a form.
struct CompiledEncoding: Sendable {
    /// Ranges the part may have; empty where the document leaves it open.
    let contentTypes: [MediaType]
    let headers: [CompiledParameter]
    /// Set where `style`, `explode` or `allowReserved` is written out.
    let style: (style: ParameterStyle, explode: Bool)?
}

/// A request body or the body of a response.
struct CompiledBody: Sendable {
    let isRequired: Bool
    /// The most exact ranges first.
    let media: [CompiledMedia]
    let pointer: String

    func media(for type: MediaType) -> CompiledMedia? { media.first { $0.range.covers(type) } }
}

/// One answer that an operation documents.
struct CompiledResponse: Sendable {
    let headers: [CompiledParameter]
    let body: CompiledBody?
    let pointer: String
}

/// One way to be let in: every named scheme must be there.
struct CompiledRequirement: Sendable {
    let schemes: [SecurityScheme]
}
