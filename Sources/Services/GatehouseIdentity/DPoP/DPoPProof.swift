import Crypto
import Foundation
import JOSE
import StrictJSON

/// A proof of possession of RFC 9449 section 4, verified.
struct DPoPProof: Sendable {
    /// Thumbprint of the key.
    let thumbprint: String
    /// `jti`.
    let identifier: String
    /// `iat`.
    let issued: Int64
    /// `nonce`.
    let nonce: String?

    /// Verifies a proof for a request.
    ///
    /// Refuses: any `typ` but `dpop+jwt`, symmetric algorithms and `none`, private keys, another method or address, an `iat` too old or in the
    /// future, and, beside an access token, another `ath`. Query and fragment of the address do not matter.
    init(
        _ text: String, method: String, address: String, accessToken: String? = nil, lifetime: Int64, skew: Int64, at now: Int64
    ) throws(OAuthError) {
        let key = try Self.key(in: text)
        var policy = JWTPolicy(issuer: nil, audiences: [], types: ["dpop+jwt"])
        policy.requiresExpiration = false
        policy.skew = .seconds(skew)
        policy.maximumAge = .seconds(lifetime)
        policy.requiredClaims = ["jti", "htm", "htu", "iat"]
        guard let verifier = try? JWTVerifier(key, allowing: .asymmetric, policy: policy),
            let claims = try? verifier.verify(text, at: NumericDate(seconds: Double(now))).claims
        else { throw OAuthError(.invalidDPoPProof, "the proof does not verify") }
        guard claims["htm"]?.string == method, let stated = claims["htu"]?.string, Self.normalized(stated) == Self.normalized(address)
        else {
            throw OAuthError(.invalidDPoPProof, "the proof is for another request")
        }
        if let accessToken {
            let expected = Base64URL.string([UInt8](SHA256.hash(data: Array(accessToken.utf8))))
            guard claims["ath"]?.string == expected else { throw OAuthError(.invalidDPoPProof, "the proof is for another access token") }
        }
        guard let identifier = claims.tokenID, (1...256).contains(identifier.utf8.count), let issued = claims.issuedAt else {
            throw OAuthError(.invalidDPoPProof, "the proof's `jti` is not as required")
        }
        thumbprint = Base64URL.string(key.thumbprint)
        self.identifier = identifier
        self.issued = Int64(issued.seconds)
        nonce = claims["nonce"]?.string
    }

    /// The key that the header carries. Proofs are the one kind of message whose key comes with it: it identifies, it does not authorize.
    private static func key(in text: String) throws(OAuthError) -> JSONWebKey {
        let refusal = OAuthError(.invalidDPoPProof, "the proof's header has no public key")
        guard text.utf8.count <= JWTVerifier.defaultLimit, let header = Base64URL.decode(String(text.prefix { $0 != "." })),
            let document = try? JSONDocument(header), let member = document.root["jwk"], let algorithm = document.root["alg"]?.string,
            let key = try? JSONWebKey(member), !key.material.isPrivate, !key.material.isSymmetric,
            let bound = try? JSONWebKey(key.material, algorithm: algorithm)
        else { throw refusal }
        return bound
    }

    /// Scheme and host in lower case, no default port, no query and fragment (RFC 9449 section 4.3).
    private static func normalized(_ address: String) -> String {
        let bare = address.prefix { $0 != "?" && $0 != "#" }
        guard let scheme = bare.range(of: "://") else { return String(bare) }
        let rest = bare[scheme.upperBound...]
        var authority = rest.prefix { $0 != "/" }.lowercased()
        let name = bare[..<scheme.lowerBound].lowercased()
        for (known, port) in [("https", ":443"), ("http", ":80")] where name == known && authority.hasSuffix(port) {
            authority.removeLast(port.count)
        }
        let path = rest.dropFirst(rest.prefix { $0 != "/" }.count)
        return name + "://" + authority + (path.isEmpty ? "/" : path)
    }
}
