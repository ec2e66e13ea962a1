/// A request to an endpoint, taken off the wire by whoever serves it.
public struct IdentityRequest: Sendable {
    /// The method.
    public var method: String
    /// Parameters of the body; of the query where the method is `GET`.
    public var parameters: FormParameters
    /// The field `Authorization`, if there is one.
    public var authorization: String?
    /// The fields `DPoP`; more than one is an error.
    public var proofs: [String]
    /// True where the query of a request with a body holds parameters too: secrets there end up in logs.
    public var hasQuery: Bool

    /// A request of its parts.
    public init(
        method: String = "POST", parameters: FormParameters, authorization: String? = nil, proofs: [String] = [], hasQuery: Bool = false
    ) {
        self.method = method
        self.parameters = parameters
        self.authorization = authorization
        self.proofs = proofs
        self.hasQuery = hasQuery
    }
}
