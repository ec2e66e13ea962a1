public import StrictJSON

/// The header of a signature, read strictly; it is trusted only once it has been verified.
///
/// `jku`, `x5u`, `jwk` and `x5c` are ignored: a message does not bring its own key.
public struct JWSHeader: Sendable {
    /// `alg`.
    public internal(set) var algorithm: SignatureAlgorithm
    /// `kid`.
    public internal(set) var keyID: String?
    /// `typ` as written.
    public internal(set) var type: String?
    /// `cty` as written.
    public internal(set) var contentType: String?
    /// False for a payload that is signed as it stands (RFC 7797).
    public internal(set) var isPayloadEncoded = true
    /// All protected members.
    public internal(set) var json: JSONDocument

    /// Reads the protected header, alone or with the unprotected one beside it.
    ///
    /// Refuses: members of both headers (RFC 7515 section 4), an unprotected `alg`, `crit` that is empty, unprotected, repeated,
    /// names what is not understood, not present or registered as basic (section 4.1.11), and `b64` without its `crit`.
    init(protected text: [UInt8], unprotected: JSONNode? = nil, understanding extensions: Set<String>) throws(JOSEError) {
        json = try parseJSON(text, limits: .header)
        guard json.root.kind == .object else { throw JOSEError(.malformed, "a header is a json object") }
        var algorithm: String?
        var critical: JSONNode?
        var encoded: JSONNode?
        for member in json.root.members {
            switch member.name {
            case "alg": algorithm = try member.requireString()
            case "kid": keyID = try member.requireString()
            case "typ": type = try member.requireString()
            case "cty": contentType = try member.requireString()
            case "crit": critical = member.value
            case "b64": encoded = member.value
            default: break
            }
        }
        guard let algorithm else { throw JOSEError(.malformed, "`alg` is missing from the protected header") }
        guard let known = SignatureAlgorithm(rawValue: algorithm) else {
            throw JOSEError(.algorithmNotAllowed, "`\(algorithm)` is no supported signature algorithm")
        }
        self.algorithm = known
        let understood = try checkCritical(critical, in: json.root, understanding: extensions)
        if let encoded, understood.contains("b64") {
            guard let bool = encoded.bool else { throw JOSEError(.malformed, "`b64` is not a boolean") }
            isPayloadEncoded = bool
        } else if encoded?.bool == false {
            throw JOSEError(.unknownCriticalHeader, "`b64` is not enabled or not in `crit`")
        }
        if let unprotected { try merge(unprotected) }
    }

    /// Takes `kid` as a hint from the unprotected header; a false hint can only make verification fail.
    private mutating func merge(_ unprotected: JSONNode) throws(JOSEError) {
        try checkDisjoint(json.root, unprotected)
        for name in ["alg", "crit", "b64"] where unprotected[name] != nil {
            throw JOSEError(.malformed, "`\(name)` must be protected")
        }
        keyID = try unprotected.string("kid") ?? keyID
    }
}

/// The names of `crit`, each of them understood and present.
func checkCritical(
    _ critical: JSONNode?, in header: JSONNode, understanding extensions: Set<String>
) throws(JOSEError) -> Set<String> {
    guard let critical else { return [] }
    let names = critical.elements.compactMap(\.string)
    guard critical.kind == .array, !names.isEmpty, names.count == critical.count, Set(names).count == names.count else {
        throw JOSEError(.malformed, "`crit` is not a list of different names")
    }
    for name in names {
        guard extensions.contains(name) else { throw JOSEError(.unknownCriticalHeader, "`\(name)` in `crit` is not understood") }
        guard header[name] != nil else { throw JOSEError(.malformed, "`\(name)` is in `crit` but not in the header") }
    }
    return Set(names)
}

/// Refuses two headers that share a member.
func checkDisjoint(_ one: JSONNode, _ other: JSONNode) throws(JOSEError) {
    guard other.kind == .object else { throw JOSEError(.malformed, "a header is a json object") }
    for member in other.members where one[member.name] != nil {
        throw JOSEError(.malformed, "`\(member.name)` stands in two headers")
    }
}

extension JSONNode.Member {
    func requireString() throws(JOSEError) -> String {
        guard let string = value.string else { throw JOSEError(.malformed, "`\(name)` is not a string") }
        return string
    }
}
