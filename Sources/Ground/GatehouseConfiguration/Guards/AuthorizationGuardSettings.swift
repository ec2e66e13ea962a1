public import GatehouseCore

/// What the authorization guard does with its decisions; what it decides by stands in the service's `authorization`.
public struct AuthorizationGuardSettings: Sendable, Equatable {
    /// Default `enforce`.
    public var mode = GuardMode.enforce

    /// Decisions are carried out.
    public init() {}
}

extension AuthorizationGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "authorization guard" }
    /// What it is for.
    public static var about: String {
        "Who may do what, by the policies of the service's `authorization`; a service without that section has no such guard."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<AuthorizationGuardSettings>] { [modeKey(\.mode)] }
}
