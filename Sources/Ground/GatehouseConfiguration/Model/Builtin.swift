/// A part of the house that answers a service's requests in an upstream's place.
public enum Builtin: String, Sendable, CaseIterable {
    /// The OpenID provider: its endpoints and pages.
    case identity
    /// The decision point: the AuthZEN API over the policies of the services.
    case decisions
    /// Answers other proxies whether a request is authenticated and permitted.
    case forwardAuth = "forward_auth"
}

extension Builtin: ConfigurationChoice {}
