/// How a client shows who it is, as the document names it.
///
/// A validator sees whether credentials are there and have the right form; whether they are good is another's to say.
public struct SecurityScheme: Sendable, Hashable {
    /// The ways.
    public enum Kind: Sendable, Hashable {
        /// A value in a header of this lower-case name.
        case headerKey(String)
        /// A query parameter.
        case queryKey(String)
        /// A cookie.
        case cookieKey(String)
        /// `Authorization` with this scheme in lower case: `basic`, `bearer` or another.
        case http(String)
        /// A bearer token.
        case oauth2
        /// A bearer token.
        case openIDConnect
        /// A client's certificate, which only the connection knows of.
        case mutualTLS
        /// A scheme the document refers to but does not define.
        case undefined
    }

    /// Its name in the document.
    public let name: String
    /// What the client sends.
    public let kind: Kind

    /// What `WWW-Authenticate` may say for it; nil for schemes that header has no word for.
    public var challenge: String? {
        switch kind {
        case .http(let scheme): scheme.prefix(1).uppercased() + scheme.dropFirst()
        case .oauth2, .openIDConnect: "Bearer"
        default: nil
        }
    }
}
