import GatehouseIdentity

/// A cookie of the pages. Over TLS its name begins with `__Host-`, so that no neighbouring host can plant one.
enum SiteCookie: String {
    /// Tells browsers apart, for form tokens.
    case browser = "gatehouse_browser"
    /// The session.
    case session = "gatehouse_session"
    /// The device that a user has signed in with.
    case device = "gatehouse_device"
    /// A sign-in that waits for a second factor.
    case pending = "gatehouse_pending"
    /// A sign-in at another provider.
    case outside = "gatehouse_outside"

    func name(isSecure: Bool) -> String { isSecure ? "__Host-" + rawValue : rawValue }

    /// The field that sets it.
    ///
    /// - Parameter seconds: its life; nil as long as the browser runs, 0 to take it away.
    func field(_ value: String, seconds: Int64?, isSecure: Bool) -> IdentityResponse.Field {
        let site = self == .pending ? "Strict" : "Lax"
        var text = "\(name(isSecure: isSecure))=\(value); Path=/; HttpOnly; SameSite=\(site)"
        if isSecure { text += "; Secure" }
        if let seconds { text += "; Max-Age=\(seconds)" }
        return .init("Set-Cookie", text)
    }
}
