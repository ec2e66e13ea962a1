public import StrictJSON

/// The header of an encrypted message, read strictly; trusted only once the message has been opened.
///
/// `jku`, `x5u`, `jwk` and `x5c` are ignored; `zip` is refused (RFC 8725 section 3.6).
public struct JWEHeader: Sendable {
    /// `alg`.
    public let algorithm: KeyManagementAlgorithm
    /// `enc`.
    public let encryption: ContentEncryption
    /// `kid`.
    public let keyID: String?
    /// `typ` as written.
    public let type: String?
    /// `cty` as written.
    public let contentType: String?
    /// The protected members.
    public let json: JSONDocument
    /// What the algorithm needs.
    let parameters: Parameters

    struct Parameters: Sendable {
        var ephemeral: JSONWebKey?
        var partyU: [UInt8]
        var partyV: [UInt8]
        var iv: [UInt8]?
        var tag: [UInt8]?
        var salt: [UInt8]?
        var iterations: Int64?
    }

    /// Reads the protected header with those beside it.
    ///
    /// Refuses: members in two headers, an unprotected `enc`, every `crit`, `zip`, and a private key as `epk`.
    init(protected text: [UInt8], unprotected others: [JSONNode] = []) throws(JOSEError) {
        json = try parseJSON(text, limits: .header)
        let root = json.root
        guard root.kind == .object else { throw JOSEError(.malformed, "a header is a json object") }
        for (index, other) in others.enumerated() {
            try checkDisjoint(root, other)
            for earlier in others[..<index] { try checkDisjoint(earlier, other) }
        }
        let all = [root] + others
        for name in ["enc", "crit", "zip"] where others.contains(where: { $0[name] != nil }) {
            throw JOSEError(.malformed, "`\(name)` must be protected")
        }
        _ = try checkCritical(root["crit"], in: root, understanding: [])
        guard root["zip"] == nil else { throw JOSEError(.unsupported, "compressed content is refused") }
        algorithm = try Self.algorithm(all)
        encryption = try Self.encryption(root)
        keyID = try Self.member("kid", all)?.requireString("kid")
        type = try root.string("typ")
        contentType = try root.string("cty")
        parameters = try Parameters(all)
    }

    private static func algorithm(_ all: [JSONNode]) throws(JOSEError) -> KeyManagementAlgorithm {
        guard let name = try member("alg", all)?.requireString("alg") else { throw JOSEError(.malformed, "`alg` is missing") }
        guard let algorithm = KeyManagementAlgorithm(rawValue: name) else {
            throw JOSEError(.algorithmNotAllowed, "`\(name)` is no supported key management algorithm")
        }
        return algorithm
    }

    private static func encryption(_ root: JSONNode) throws(JOSEError) -> ContentEncryption {
        let name = try root.requiredString("enc")
        guard let encryption = ContentEncryption(rawValue: name) else {
            throw JOSEError(.algorithmNotAllowed, "`\(name)` is no supported content encryption")
        }
        return encryption
    }

    fileprivate static func member(_ name: String, _ all: [JSONNode]) -> JSONNode? { all.lazy.compactMap { $0[name] }.first }
}

extension JWEHeader.Parameters {
    fileprivate init(_ all: [JSONNode]) throws(JOSEError) {
        func bytes(_ name: String) throws(JOSEError) -> [UInt8]? {
            for node in all { if let bytes = try node.optionalBytes(name) { return bytes } }
            return nil
        }
        if let node = JWEHeader.member("epk", all) {
            let key = try JSONWebKey(node)
            guard !key.material.isPrivate, !key.material.isSymmetric else { throw JOSEError(.invalidKey, "`epk` is not a public key") }
            ephemeral = key
        }
        partyU = try bytes("apu") ?? []
        partyV = try bytes("apv") ?? []
        iv = try bytes("iv")
        tag = try bytes("tag")
        salt = try bytes("p2s")
        iterations = JWEHeader.member("p2c", all)?.int64
    }
}

extension JSONNode {
    fileprivate func requireString(_ name: String) throws(JOSEError) -> String {
        guard let string else { throw JOSEError(.malformed, "`\(name)` is not a string") }
        return string
    }
}
