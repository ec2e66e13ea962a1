/// How guessing is slowed down without locking owners out.
public struct SignInPolicy: Sendable {
    /// Password guesses at one account from one network, by strangers' browsers: 5, one back every five minutes.
    public var fromNetwork = GuessBudget(capacity: 5, refill: 300)
    /// Password guesses at one account by all strangers' browsers together: 20, one back every minute.
    public var fromStrangers = GuessBudget(capacity: 20, refill: 60)
    /// Password guesses at all accounts from one network: 50, one back every ten seconds.
    public var acrossAccounts = GuessBudget(capacity: 50, refill: 10)
    /// Password guesses in a browser that the user has signed in with before: 10, one back every minute, whatever strangers do.
    public var fromDevice = GuessBudget(capacity: 10, refill: 60)
    /// Guesses of one-time codes at one account: 5, one back every five minutes.
    public var oneTimeCodes = GuessBudget(capacity: 5, refill: 300)
    /// Wrong passwords one after another until strangers' browsers are refused: 100 (NIST SP 800-63B-4 section 3.2.2). A sign-in
    /// with a known device or a passkey, or a new password, starts the count anew.
    public var consecutiveFailures: Int64 = 100
    /// How long a sign-in waits for its second factor, in seconds; 300.
    public var pendingLifetime: Int64 = 300
    /// How long a browser stays known, in seconds; 180 days.
    public var deviceLifetime: Int64 = 180 * 86_400

    /// The defaults.
    public init() {}
}

/// What is known of who tries to sign in.
public struct SignInAttempt: Sendable {
    /// The name typed.
    public var name: String
    /// The password typed.
    public var password: String
    /// The client's network, such as `203.0.113.0/24`.
    public var network: String
    /// The cookie that says which device this is, if there is one.
    public var device: String?
    /// Whether a browser that is remembered needs no second factor; true. False where a stronger sign-in is asked for.
    public var mayTrustDevice = true

    /// An attempt of its parts.
    public init(name: String, password: String, network: String, device: String? = nil) {
        self.name = name
        self.password = password
        self.network = network
        self.device = device
    }
}

/// What came of an attempt.
public enum SignInOutcome: Sendable {
    /// The user is who they say. The device secret is to be kept in a cookie; it is new where the browser was not known.
    case signedIn(SignedIn)
    /// The password is right, and another factor is asked for; the secret is good for ``AccountService/finish(_:code:)``.
    case needsSecondFactor(pending: String)
    /// Refused. Unknown names, wrong passwords, spent budgets and disabled users all look like this.
    case refused
    /// The machine has too much to hash; answer 503 with `Retry-After`.
    case busy(retryAfter: Duration)
}

/// A user who has proven who they are.
public struct SignedIn: Sendable, Equatable {
    /// The user.
    public let userID: String
    /// How and when.
    public let authentication: Grant.Authentication
    /// The device's cookie.
    public let device: String

    /// A sign-in of its parts.
    public init(userID: String, authentication: Grant.Authentication, device: String) {
        self.userID = userID
        self.authentication = authentication
        self.device = device
    }
}
