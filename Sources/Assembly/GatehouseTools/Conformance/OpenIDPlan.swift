import Foundation
import StrictJSON

/// What the runner tests: a provider, clients that are registered there, and what to do on its pages.
///
/// The form is the OpenID Foundation's: `server.discoveryUrl`, `client`, `client2`, `client_secret_post`, `browser`; beside it `redirect_uri`,
/// `post_logout_redirect_uri`, `backchannel_listen`, `user` in place of `browser` for a house of our own, and `pkce`.
public struct OpenIDPlan: Sendable {
    /// A registered client.
    struct Client: Sendable {
        var id: String
        var secret: String
    }

    var discovery: String
    var client: Client
    var otherClient: Client?
    var postClient: Client?
    var redirectURI: String
    var postLogoutRedirectURI: String?
    /// Where the client's back channel is registered to be, on this machine.
    var backChannelPort: Int?
    var tasks: [BrowserTask]
    /// Whether every request carries PKCE, for providers that demand it.
    var usesPKCE: Bool
    /// Certificates to trust beside the system's.
    var authorities: String?

    /// Reads a plan.
    ///
    /// - Throws: what is missing.
    public init(parsing text: [UInt8]) throws {
        let value = try JSONValue(parsing: text)
        discovery = try require(value["server"]?["discoveryUrl"]?.string, "`server.discoveryUrl` is missing")
        client = try require(Self.client(value["client"]), "`client` needs `client_id` and `client_secret`")
        otherClient = Self.client(value["client2"])
        postClient = Self.client(value["client_secret_post"])
        redirectURI = try require(value["redirect_uri"]?.string, "`redirect_uri` is missing")
        postLogoutRedirectURI = value["post_logout_redirect_uri"]?.string
        backChannelPort = value["backchannel_port"]?.int64.map { Int($0) }
        usesPKCE = value["pkce"]?.bool ?? false
        authorities = value["authorities"]?.string
        if let browser = value["browser"] {
            tasks = try BrowserTask.read(browser)
        } else {
            let user = try require(value["user"]?["name"]?.string, "`browser` or `user` is needed")
            tasks = BrowserTask.ours(user: user, password: value["user"]?["password"]?.string ?? "")
        }
    }

    private static func client(_ value: JSONValue?) -> Client? {
        guard let id = value?["client_id"]?.string, let secret = value?["client_secret"]?.string else { return nil }
        return Client(id: id, secret: secret)
    }
}
