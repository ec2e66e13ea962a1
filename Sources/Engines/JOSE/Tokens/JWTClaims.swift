public import StrictJSON

/// The claims of a JSON Web Token (RFC 7519), read strictly.
public struct JWTClaims: Sendable {
    /// `iss`.
    public private(set) var issuer: String?
    /// `sub`.
    public private(set) var subject: String?
    /// `aud`, a single string as a list of one; empty where there is none.
    public private(set) var audiences: [String] = []
    /// `exp`.
    public private(set) var expiration: NumericDate?
    /// `nbf`.
    public private(set) var notBefore: NumericDate?
    /// `iat`.
    public private(set) var issuedAt: NumericDate?
    /// `jti`.
    public private(set) var tokenID: String?
    /// All claims.
    public let json: JSONDocument

    /// Reads claims from JSON text of at most 64 KiB and depth 16.
    ///
    /// Refuses: duplicate claims, registered claims of the wrong type, dates before 1970 or after the year 9999.
    /// - Throws: ``JOSEError/Code/malformed``.
    public init(parsing text: [UInt8]) throws(JOSEError) {
        var limits = JSONLimits()
        limits.bytes = 64 << 10
        limits.depth = 16
        limits.elements = 10_000
        json = try parseJSON(text, limits: limits)
        guard json.root.kind == .object else { throw JOSEError(.malformed, "claims are a json object") }
        for member in json.root.members {
            switch member.name {
            case "iss": issuer = try member.requireString()
            case "sub": subject = try member.requireString()
            case "jti": tokenID = try member.requireString()
            case "aud": audiences = try Self.audiences(member.value)
            case "exp": expiration = try Self.date(member)
            case "nbf": notBefore = try Self.date(member)
            case "iat": issuedAt = try Self.date(member)
            default: break
            }
        }
    }

    /// A claim by its name.
    public subscript(name: String) -> JSONNode? { json.root[name] }

    private static func audiences(_ node: JSONNode) throws(JOSEError) -> [String] {
        if let single = node.string { return [single] }
        let list = node.elements.compactMap(\.string)
        guard node.kind == .array, list.count == node.count else { throw JOSEError(.malformed, "`aud` is neither a string nor strings") }
        return list
    }

    private static func date(_ member: JSONNode.Member) throws(JOSEError) -> NumericDate {
        guard let seconds = member.value.double, (0...253_402_300_799).contains(seconds) else {
            throw JOSEError(.malformed, "`\(member.name)` is no date")
        }
        return NumericDate(seconds: seconds)
    }
}
