/// A valid request to sign out (OpenID Connect RP-Initiated Logout).
public struct LogoutRequest: Sendable {
    /// The client that sent the browser, where it said so.
    public let client: Client?
    /// Where the browser goes afterwards; registered for the client.
    public let redirectURI: String?
    /// `state`, given back as it was.
    public let state: String?
    /// The user and session that the client means.
    let subject: String?
    let sessionID: String?

    /// True where the client proved that it means this session, so that the user need not be asked.
    func means(_ session: LoginSession) -> Bool {
        subject == session.userID && (sessionID == nil || sessionID == session.id)
    }
}

/// What has to happen next with a request to sign out.
public enum LogoutStep: Sendable {
    /// Show a page with the error; the browser must not be sent anywhere, and nobody is signed out.
    case page(OAuthError)
    /// Ask the user whether to sign out, then call `signOut`.
    case confirm(LogoutRequest)
    /// Nobody is signed in, or the client proved whom it means: call `signOut` at once.
    case proceed(LogoutRequest)
}

/// A client to be told, by a POST with the parameter `logout_token` to its address (OpenID Connect Back-Channel Logout section 2.5).
public struct BackChannelNotice: Sendable, Equatable {
    /// The client.
    public let clientID: String
    /// Where to post.
    public let address: String
    /// The signed token.
    public let logoutToken: String
}
