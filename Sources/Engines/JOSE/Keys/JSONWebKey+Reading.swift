public import StrictJSON

extension JSONWebKey {
    /// Reads a key from JSON text of at most 64 KiB.
    ///
    /// Refuses: duplicate members, base64url that is not canonical, members of the wrong type, numbers of the wrong length,
    /// RSA keys of more than two primes, and whatever ``KeyMaterial/checked()`` refuses. Unknown members are ignored;
    /// certificates (`x5c`, `x5u`, `x5t`) are never consulted.
    /// - Throws: ``JOSEError``: `malformed`, `invalidKey`, or `unsupported` for an unknown type, curve or parameter set.
    public init(parsing text: [UInt8]) throws(JOSEError) {
        try self.init(parseJSON(text, limits: .key).root)
    }

    /// Reads a key from JSON text, as ``init(parsing:)-([UInt8])`` does.
    public init(parsing text: String) throws(JOSEError) { try self.init(parsing: Array(text.utf8)) }

    /// Reads a key from a JSON object.
    public init(_ node: JSONNode) throws(JOSEError) {
        guard node.kind == .object else { throw JOSEError(.malformed, "a key is a json object") }
        guard let type = try node.string("kty") else { throw JOSEError(.malformed, "`kty` is missing") }
        let algorithm = try node.string("alg")
        let material: KeyMaterial
        switch type {
        case "oct": material = .symmetric(try node.bytes("k"))
        case "EC": material = try node.ellipticMaterial()
        case "RSA": material = .rsa(try node.rsaNumbers())
        case "OKP": material = try node.octetPairMaterial()
        case "AKP": material = try node.algorithmPairMaterial(algorithm)
        default: throw JOSEError(.unsupported, "key type `\(type)` is not supported")
        }
        try self.init(
            material, keyID: node.string("kid"), use: node.string("use"), operations: node.strings("key_ops"), algorithm: algorithm)
    }
}

extension JSONNode {
    fileprivate func ellipticMaterial() throws(JOSEError) -> KeyMaterial {
        let name = try requiredString("crv")
        guard let curve = Curve(rawValue: name) else { throw JOSEError(.unsupported, "curve `\(name)` is not supported") }
        return .elliptic(curve, x: try bytes("x"), y: try bytes("y"), d: try optionalBytes("d"))
    }

    fileprivate func octetPairMaterial() throws(JOSEError) -> KeyMaterial {
        let name = try requiredString("crv")
        guard let curve = OctetCurve(rawValue: name) else { throw JOSEError(.unsupported, "curve `\(name)` is not supported") }
        return .octetPair(curve, x: try bytes("x"), d: try optionalBytes("d"))
    }

    fileprivate func algorithmPairMaterial(_ name: String?) throws(JOSEError) -> KeyMaterial {
        guard let name else { throw JOSEError(.malformed, "an AKP key needs `alg`") }
        guard let algorithm = ModuleLattice(rawValue: name) else { throw JOSEError(.unsupported, "`\(name)` is not supported") }
        return .algorithmPair(algorithm, pub: try bytes("pub"), seed: try optionalBytes("priv"))
    }

    /// RFC 7518 section 6.3: the private numbers are all there, or `d` alone.
    fileprivate func rsaNumbers() throws(JOSEError) -> RSANumbers {
        guard self["oth"] == nil else { throw JOSEError(.unsupported, "rsa keys of more than two primes are not supported") }
        var numbers = RSANumbers(modulus: try bytes("n"), exponent: try bytes("e"))
        let exponent = try optionalBytes("d")
        var factors: [[UInt8]] = []
        for name in ["p", "q", "dp", "dq", "qi"] {
            if let factor = try optionalBytes(name) { factors.append(factor) }
        }
        guard let exponent else {
            guard factors.isEmpty else { throw JOSEError(.invalidKey, "rsa primes without `d`") }
            return numbers
        }
        guard factors.isEmpty || factors.count == 5 else { throw JOSEError(.invalidKey, "some of the rsa private numbers are missing") }
        numbers.privateNumbers = .init(
            exponent: exponent, firstPrime: factors.first, secondPrime: factors.count == 5 ? factors[1] : nil)
        return numbers
    }
}
