public import StrictJSON

extension JSONWebKey {
    /// The key as a JSON object, members in the order of RFC 7517 and RFC 7518.
    ///
    /// - Parameter includingPrivate: Without it, the default, the private half is left out and a symmetric key is refused.
    /// - Throws: ``JOSEError/Code/invalidKey`` for a symmetric key when secrets are to be left out.
    public func json(includingPrivate: Bool = false) throws(JOSEError) -> JSONValue {
        let shown = includingPrivate ? self : try publicKey()
        var members: [(String, JSONValue)] = [("kty", .string(material.keyType))]
        if let use = shown.use { members.append(("use", .string(use))) }
        if let operations = shown.operations { members.append(("key_ops", .array(operations.map { .string($0) }))) }
        if let algorithm = shown.algorithm { members.append(("alg", .string(algorithm))) }
        if let keyID = shown.keyID { members.append(("kid", .string(keyID))) }
        members += shown.material.publicMembers + shown.material.privateMembers
        return .object(JSONObject(members))
    }

    /// The SHA-256 thumbprint of RFC 7638 (RFC 8037 for `OKP`): the same for a key and its public half.
    public var thumbprint: [UInt8] { sha256(thumbprintInput) }

    /// The JSON text that the thumbprint hashes: the required members in lexicographic order without white space.
    var thumbprintInput: [UInt8] {
        let identity = material.publicHalf ?? material
        var members = identity.isSymmetric ? identity.privateMembers : identity.publicMembers
        members.append(("kty", .string(material.keyType)))
        if material.keyType == "AKP", let algorithm { members.append(("alg", .string(algorithm))) }
        return JSONValue.object(JSONObject(members)).bytes(JSONFormat(sortedKeys: true))
    }
}

extension KeyMaterial {
    fileprivate var publicMembers: [(String, JSONValue)] {
        switch self {
        case .symmetric: []
        case .elliptic(let curve, let x, let y, _): [("crv", .string(curve.rawValue)), ("x", .base64URL(x)), ("y", .base64URL(y))]
        case .rsa(let numbers): [("n", .base64URL(numbers.modulus)), ("e", .base64URL(numbers.exponent))]
        case .octetPair(let curve, let x, _): [("crv", .string(curve.rawValue)), ("x", .base64URL(x))]
        case .algorithmPair(_, let pub, _): [("pub", .base64URL(pub))]
        }
    }

    fileprivate var privateMembers: [(String, JSONValue)] {
        switch self {
        case .symmetric(let secret): [("k", .base64URL(secret))]
        case .elliptic(_, _, _, let d), .octetPair(_, _, let d): d.map { [("d", .base64URL($0))] } ?? []
        case .rsa(let numbers): numbers.privateMembers
        case .algorithmPair(_, _, let seed): seed.map { [("priv", .base64URL($0))] } ?? []
        }
    }
}

extension RSANumbers {
    /// `d` alone where the primes are unknown, else all that RFC 7518 section 6.3.2 asks for.
    fileprivate var privateMembers: [(String, JSONValue)] {
        guard let secret = privateNumbers else { return [] }
        var members: [(String, JSONValue)] = [("d", .base64URL(secret.exponent))]
        guard let p = secret.firstPrime, let q = secret.secondPrime, let factors = try? chineseRemainder() else { return members }
        members += [("p", .base64URL(p)), ("q", .base64URL(q))]
        members += zip(["dp", "dq", "qi"], factors).map { ($0, .base64URL($1)) }
        return members
    }
}

extension JSONValue {
    static func base64URL(_ bytes: [UInt8]) -> JSONValue { .string(Base64URL.string(bytes)) }
}
