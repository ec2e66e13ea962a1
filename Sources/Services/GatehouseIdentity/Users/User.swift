public import StrictJSON

/// A person who signs in.
public struct User: Sendable, Equatable {
    /// An opaque id, `sub` in every token. It never changes and is never given to another.
    public let id: String
    /// What the user types: a name or an e-mail address.
    public var name: String
    /// Claims of OpenID Connect Core section 5.1, by name.
    public var claims: JSONObject
    /// True where the user may not sign in.
    public var isDisabled = false
    /// When the user was made, in seconds since 1970.
    public var created: Int64 = 0

    /// The groups that the user belongs to: the claim `groups`.
    public var groups: [String] { (claims["groups"]?.array ?? []).compactMap(\.string) }
    /// The roles that the user has: the claim `roles`.
    public var roles: [String] { (claims["roles"]?.array ?? []).compactMap(\.string) }
    /// Where mail for the user goes.
    public var email: String? { claims["email"]?.string }

    /// A user of its parts.
    public init(id: String, name: String, claims: JSONObject = [:], isDisabled: Bool = false, created: Int64 = 0) {
        self.id = id
        self.created = created
        self.name = name
        self.claims = claims
        self.isDisabled = isDisabled
    }

    /// Claims that a scope stands for (OpenID Connect Core section 5.4).
    static func claims(under scope: String) -> [String] {
        switch scope {
        case "profile":
            [
                "name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website",
                "gender",
                "birthdate", "zoneinfo", "locale", "updated_at",
            ]
        case "email": ["email", "email_verified"]
        case "address": ["address"]
        case "phone": ["phone_number", "phone_number_verified"]
        case "groups": ["groups", "roles"]
        default: []
        }
    }

    /// Names are compared without regard to case; the form that they are looked up by.
    static func lookupForm(_ name: String) -> [UInt8] { Array(name.lowercased().utf8) }
}
