extension AuditClass {
    /// The class of what happened to a part of the house.
    ///
    /// - Parameters:
    ///   - component: the part that speaks, such as `identity`.
    ///   - name: what happened, such as `signed_in`.
    init(component: String, name: String) {
        switch component {
        case "configuration": self = .configuration
        case "keys": self = .keyUse
        case "house", "administration": self = .administration
        case "identity": self = Self.ofIdentity(name)
        default: self = .automaticAction
        }
    }

    private static func ofIdentity(_ name: String) -> AuditClass {
        if name.hasPrefix("signing_key") { return .keyUse }
        if name.hasPrefix("client_") || name.hasPrefix("user_") { return .administration }
        return name == "endpoint_failed" ? .automaticAction : .login
    }
}
