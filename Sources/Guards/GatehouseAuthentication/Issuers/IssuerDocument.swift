internal import GatehouseConfiguration
internal import JOSE
internal import StrictJSON

/// What is known of an issuer: its keys, and where it answers (OpenID Connect Discovery, section 3; RFC 8414).
struct IssuerDocument: Sendable {
    /// `jwks_uri`.
    var keysAddress: HTTPAddress?
    /// `authorization_endpoint`.
    var authorization: HTTPAddress?
    /// `token_endpoint`.
    var token: HTTPAddress?
    /// `end_session_endpoint`.
    var endSession: HTTPAddress?
    /// True where every authorization response names its issuer (RFC 9207).
    var namesIssuer = false
    /// The keys, once they were fetched.
    var set: JSONWebKeySet?

    init() {}

    /// Reads the addresses of a document. Those in clear text of an issuer that speaks TLS are left out.
    init(_ root: JSONNode, of issuer: HTTPAddress) {
        func address(_ name: String) -> HTTPAddress? {
            root[name]?.string.flatMap { HTTPAddress($0) }.flatMap { $0.isSecure || !issuer.isSecure ? $0 : nil }
        }
        keysAddress = address("jwks_uri")
        authorization = address("authorization_endpoint")
        token = address("token_endpoint")
        endSession = address("end_session_endpoint")
        namesIssuer = root["authorization_response_iss_parameter_supported"]?.bool == true
    }
}
