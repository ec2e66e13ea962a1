public import StrictJSON

/// Signs JSON Web Tokens of one kind with one key.
public struct JWTSigner: Sendable {
    private let signer: JWSSigner
    /// `typ` of every token, such as `at+jwt`.
    public let type: String

    /// A signer of tokens of this type (RFC 8725 section 3.11).
    public init(_ key: SigningKey, type: String) {
        signer = JWSSigner(key)
        self.type = type
    }

    /// The compact token that carries the claims as given.
    ///
    /// - Throws: ``JOSEError/Code/invalidKey`` where the key cannot sign.
    public func sign(_ claims: JSONObject) throws(JOSEError) -> String {
        try signer.string(JSONValue.object(claims).bytes(), header: JWSSigner.Header(type: type))
    }
}
