/// A user who is signed in in this browser, as the front that shows pages knows it.
public struct LoginSession: Sendable, Equatable {
    /// The session's id, which becomes `sid`.
    public var id: String
    /// The user.
    public var userID: String
    /// How and when the user signed in last.
    public var authentication: Grant.Authentication

    /// A session of its parts.
    public init(id: String, userID: String, authentication: Grant.Authentication) {
        self.id = id
        self.userID = userID
        self.authentication = authentication
    }
}

/// What has to happen next with an authorization request.
public enum AuthorizationStep: Sendable {
    /// Show a page with the error; the browser must not be sent anywhere.
    case page(OAuthError)
    /// Let the user sign in (again), then ask again with the same parameters and the moment of the first time.
    case signIn(AuthorizationRequest, reason: SignInReason)
    /// Ask the user whether the client may have these scopes, then call `approve` or `deny`.
    case consent(AuthorizationRequest)
    /// Send the browser back to the client with this answer.
    case respond(IdentityResponse)
}

/// Why a user has to sign in though the browser may have a session.
public enum SignInReason: String, Sendable, Hashable {
    /// Nobody is signed in.
    case noSession
    /// The client wants it (`prompt=login`).
    case prompted
    /// Too long ago (`max_age`).
    case tooOld
    /// Another user than the client expects (`id_token_hint`).
    case otherUser
    /// Not strong enough (`acr_values`).
    case tooWeak
    /// The client wants the user to choose an account.
    case selectAccount
}
