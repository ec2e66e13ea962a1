import Foundation

/// What a request says about who sends it, before any of it is believed.
struct ClientCredentials: Sendable {
    enum Proof: Sendable {
        case basic(secret: String)
        case post(secret: String)
        case assertion(String)
        case none
    }

    let clientID: String
    let proof: Proof

    static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    /// Reads the credentials.
    ///
    /// Refuses: more than one kind of proof in one request (RFC 6749 section 2.3), a `client_id` that differs from the proof's.
    init(_ request: IdentityRequest) throws(OAuthError) {
        let parameters = request.parameters
        let basic = try request.authorization.map { header throws(OAuthError) in try Self.basic(header) }
        let secret = parameters["client_secret"]
        let assertion = parameters["client_assertion"]
        guard [basic != nil, secret != nil, assertion != nil].count(where: { $0 }) <= 1 else {
            throw OAuthError(.invalidRequest, "more than one way of client authentication")
        }
        let stated = parameters["client_id"]
        if let basic {
            guard stated == nil || stated == basic.id else {
                throw OAuthError(.invalidRequest, "`client_id` is another than in `Authorization`")
            }
            (clientID, proof) = (basic.id, .basic(secret: basic.secret))
        } else if let assertion {
            guard parameters["client_assertion_type"] == Self.assertionType else {
                throw OAuthError(.invalidRequest, "`client_assertion_type` is not supported")
            }
            guard let subject = ClientAssertion.statedSubject(assertion), stated == nil || stated == subject else {
                throw OAuthError(.invalidClient, "the assertion is malformed, or of another client")
            }
            (clientID, proof) = (subject, .assertion(assertion))
        } else {
            guard let stated else { throw OAuthError(.invalidClient, "no client authentication") }
            (clientID, proof) = (stated, secret.map { .post(secret: $0) } ?? .none)
        }
    }

    /// `Basic` of RFC 6749 section 2.3.1: id and secret are form-encoded before they are joined.
    private static func basic(_ header: String) throws(OAuthError) -> (id: String, secret: String) {
        let parts = header.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "basic", let data = Data(base64Encoded: String(parts[1])),
            let colon = data.firstIndex(of: UInt8(ascii: ":"))
        else { throw OAuthError(.invalidClient, "`Authorization` is not `Basic` with id and secret") }
        let bytes = [UInt8](data)
        let cut = data.distance(from: data.startIndex, to: colon)
        return (try FormParameters.decode(bytes[..<cut]), try FormParameters.decode(bytes[(cut + 1)...]))
    }
}
