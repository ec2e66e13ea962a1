public import Passwords

/// The forms of what the authorization server hands out.
public enum SecretFormats {
    /// Authorization codes.
    public static let code = form("gateac_")
    /// Access tokens.
    public static let accessToken = form("gateat_")
    /// Refresh tokens.
    public static let refreshToken = form("gatert_")
    /// Device codes.
    public static let deviceCode = form("gatedc_")
    /// Cookies of browser sessions.
    public static let session = form("gatese_")
    /// Cookies of devices that a user has signed in with.
    public static let device = form("gatedv_")
    /// Sign-ins that wait for a second factor.
    public static let pendingSignIn = form("gateps_")
    /// Client secrets.
    public static let clientSecret = form("gatecs_")
    /// Tokens that people make for their own programs.
    public static let personalToken = form("gatept_")
    /// API keys of machines.
    public static let apiKey = form("gateak_")
    /// Pushed authorization requests.
    public static let pushedRequest = form("gatepr_")

    private static func form(_ prefix: String) -> SecretFormat {
        guard let format = SecretFormat(prefix: prefix) else { preconditionFailure("a prefix of the source is wrong") }
        return format
    }
}
