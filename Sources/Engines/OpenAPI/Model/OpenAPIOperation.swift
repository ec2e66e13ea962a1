/// One operation of a description, for people and for counting.
public struct OpenAPIOperation: Sendable, Hashable, Identifiable {
    /// Its number in the description, from 0.
    public let id: Int
    /// The method as requests write it, such as `GET`.
    public let method: String
    /// The path as the document writes it, without the servers' base.
    public let path: String
    /// The document's own name for it.
    public let operationID: String?
    /// Whether the document says that it should no longer be used.
    public let isDeprecated: Bool
    /// JSON Pointer of the Operation Object.
    public let pointer: String
    /// Tags in the document's order.
    public let tags: [String]
    /// The alternatives of which a request must meet one, each a list of names of security schemes; empty where none is asked for.
    public let security: [[String]]
    /// Names and places of its parameters, such as `query limit`.
    public let parameters: [String]
    /// Media types of the request body.
    public let requestTypes: [String]
    /// Keys of its responses: codes, ranges and `default`.
    public let responses: [String]
}

/// An operation, ready to judge traffic by.
struct CompiledOperation: Sendable {
    let info: OpenAPIOperation
    let pathParameters: [CompiledParameter]
    let queryParameters: [CompiledParameter]
    let wholeQuery: CompiledParameter?
    let headerParameters: [CompiledParameter]
    let cookieParameters: [CompiledParameter]
    let body: CompiledBody?
    let requirements: [CompiledRequirement]
    let responses: [(pattern: StatusPattern, response: CompiledResponse)]
    let defaultResponse: CompiledResponse?
    /// Media types of all its responses; empty where none is documented.
    let produced: [MediaType]
    /// Query names that parameters or security schemes document.
    let queryNames: Set<String>
    let takesOtherQueryNames: Bool
    let cookieNames: Set<String>
    /// Name and prefix of each `deepObject` parameter.
    let deepNames: [String]

    /// Whether anything of the operation is found in cookies.
    var needsCookies: Bool { !cookieNames.isEmpty }

    func response(for status: Int) -> CompiledResponse? {
        responses.first { $0.pattern == .code(status) }?.response ?? responses.first { $0.pattern == .range(status / 100) }?.response
            ?? defaultResponse
    }
}
