import ArgumentParser
import Foundation
import GatehouseTools

/// Where commands find the provider, and how they print.
struct IdentityOptions: ParsableArguments {
    @Option(
        name: [.customShort("c"), .customLong("config")],
        help: ArgumentHelp("The house's configuration file; gatehouse.yaml by default.", valueName: "file"))
    var config: String?

    @Flag(help: "One JSON object a line.") var json = false

    var tool: IdentityTool { IdentityTool(config: config, isJSON: json) }
}

private let liveStore = "Works on the store that the configuration names, while the house runs or not; the running house tells the event."

struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users", abstract: "List, make, invite, change and switch off the users of the OpenID provider.",
        discussion: liveStore,
        subcommands: [List.self, Create.self, Invite.self, Change.self, Disable.self, Enable.self, PasswordLink.self, Recover.self])

    struct NewUserOptions: ParsableArguments {
        @Argument(help: "What the user types to sign in.") var name: String
        @Option(help: "The full name.") var fullName: String?
        @Option(help: "The mail address.") var email: String?
        @Option(help: "A group; may stand several times.") var group: [String] = []
        @Option(help: "A role; may stand several times.") var role: [String] = []
        @Option(help: ArgumentHelp("A further claim, such as locale=de; may stand several times.", valueName: "name=value"))
        var claim: [String] = []

        var user: NewUser { NewUser(name: name, fullName: fullName, email: email, groups: group, roles: role, claims: claim) }

        func validate() throws {
            if let wrong = claim.first(where: { !$0.contains("=") || $0.hasPrefix("=") }) {
                throw ValidationError("`\(wrong)` is no NAME=VALUE")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show all users.")
        @OptionGroup var options: IdentityOptions
        func run() async throws { try await options.tool.listUsers().finish() }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a user whose password is read from standard input.",
            discussion: "Exit code 0, or 1 where the name is taken or the password may not be chosen.")
        @OptionGroup var options: IdentityOptions
        @OptionGroup var new: NewUserOptions
        func run() async throws { try await options.tool.createUser(new.user, password: readLine() ?? "").finish() }
    }

    struct Invite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a link by which someone becomes a user; it works once, for 7 days.")
        @OptionGroup var options: IdentityOptions
        @OptionGroup var new: NewUserOptions
        func run() async throws { try await options.tool.invite(new.user).finish() }
    }

    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a user's groups and roles.")
        @OptionGroup var options: IdentityOptions
        @Argument(help: "The user's name or id.") var name: String
        @Option(help: "Put into a group.") var addGroup: [String] = []
        @Option(help: "Take out of a group.") var removeGroup: [String] = []
        @Option(help: "Give a role.") var addRole: [String] = []
        @Option(help: "Take a role away.") var removeRole: [String] = []
        func run() async throws {
            try await options.tool.changeUser(name, groups: (addGroup, removeGroup), roles: (addRole, removeRole)).finish()
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Switch a user off: every session and token ends at once.")
        @OptionGroup var options: IdentityOptions
        @Argument(help: "The user's name or id.") var name: String
        func run() async throws { try await options.tool.setUser(name, isDisabled: true).finish() }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a user sign in again.")
        @OptionGroup var options: IdentityOptions
        @Argument(help: "The user's name or id.") var name: String
        func run() async throws { try await options.tool.setUser(name, isDisabled: false).finish() }
    }

    struct PasswordLink: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a link by which a user chooses a new password; it works once, for 15 minutes.")
        @OptionGroup var options: IdentityOptions
        @Argument(help: "The user's name or id.") var name: String
        func run() async throws { try await options.tool.passwordLink(name).finish() }
    }

    struct Recover: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a user who lost every factor begin anew, when two administrators agree.",
            discussion: """
                The first administrator names the user and gets the request's number; another one consents to that number and gets the link. Each \
                proves who it is by a personal token with the scope identity:admin, read from standard input.
                """)
        @OptionGroup var options: IdentityOptions
        @Argument(help: "The user's name or id.") var name: String?
        @Option(help: "The number of the request to consent to.") var consent: String?

        func validate() throws {
            if (name == nil) == (consent == nil) { throw ValidationError("either a user or --consent is needed") }
        }

        func run() async throws { try await options.tool.recover(name, consentTo: consent, token: readLine() ?? "").finish() }
    }
}

struct ClientsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clients", abstract: "List, register and switch off clients of the OpenID provider.", discussion: liveStore,
        subcommands: [List.self, Create.self, Disable.self, Enable.self, Secret.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show all clients.")
        @OptionGroup var options: IdentityOptions
        func run() async throws { try await options.tool.listClients().finish() }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Register a client; its secret is shown once.")
        @OptionGroup var options: IdentityOptions
        @Argument(help: "What users are shown.") var name: String
        @Option(help: "Its client_id; a random one by default.") var id: String?
        @Flag(name: .customLong("public"), help: "For programs that cannot keep a secret.") var isPublic = false
        @Option(help: "Where users may be sent back to; may stand several times.") var redirectUri: [String] = []
        @Option(help: "authorization_code, refresh_token, client_credentials or device_code; may stand several times.") var grantType:
            [String] = []
        @Option(help: "A scope; may stand several times.") var scope: [String] = []
        @Option(help: "A resource whose tokens it may ask about; may stand several times.") var introspects: [String] = []

        func run() async throws {
            var new = NewClient(name: name)
            (new.id, new.isPublic, new.redirectURIs, new.grantTypes, new.scopes) = (id, isPublic, redirectUri, grantType, scope)
            new.introspects = introspects
            try await options.tool.createClient(new).finish()
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Switch a client off: every token of it ends at once.")
        @OptionGroup var options: IdentityOptions
        @Argument(help: "The client's id.") var id: String
        func run() async throws { try await options.tool.setClient(id, isDisabled: true).finish() }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a client ask for tokens again.")
        @OptionGroup var options: IdentityOptions
        @Argument(help: "The client's id.") var id: String
        func run() async throws { try await options.tool.setClient(id, isDisabled: false).finish() }
    }

    struct Secret: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a client another secret, shown once; the former one is of no use from then on.")
        @OptionGroup var options: IdentityOptions
        @Argument(help: "The client's id.") var id: String
        func run() async throws { try await options.tool.renewSecret(id).finish() }
    }
}

struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "List and end browser sessions of the OpenID provider.", discussion: liveStore,
        subcommands: [List.self, End.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show sessions, of all users or of one.")
        @OptionGroup var options: IdentityOptions
        @Option(help: "A user's name or id.") var user: String?
        func run() async throws { try await options.tool.listSessions(of: user).finish() }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a session, or all of a user, with every token; clients are told over their back channel.")
        @OptionGroup var options: IdentityOptions
        @Argument(help: "The session's id.") var id: String?
        @Option(help: "A user's name or id, for all sessions of the user.") var user: String?

        func validate() throws {
            if (id == nil) == (user == nil) { throw ValidationError("either a session or --user is needed") }
        }

        func run() async throws { try await options.tool.endSessions(id, of: user).finish() }
    }
}

struct TokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "List and revoke what clients were given: grants, with every token that hangs off them.",
        discussion: liveStore, subcommands: [List.self, Revoke.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show grants with the number of their tokens.")
        @OptionGroup var options: IdentityOptions
        @Option(help: "A user's name or id.") var user: String?
        @Option(help: "A client's id.") var client: String?
        func run() async throws { try await options.tool.listGrants(user: user, client: client).finish() }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a grant, or all of a user or client, with every token.")
        @OptionGroup var options: IdentityOptions
        @Argument(help: "The grant's id.") var grant: String?
        @Option(help: "A user's name or id.") var user: String?
        @Option(help: "A client's id.") var client: String?
        func run() async throws { try await options.tool.revoke(grant: grant, user: user, client: client).finish() }
    }
}

struct APIKeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apikeys", abstract: "List, make and revoke personal tokens and API keys.", discussion: liveStore,
        subcommands: [List.self, Create.self, Revoke.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show keys, of all owners or of one.")
        @OptionGroup var options: IdentityOptions
        @Option(help: "A user's name, or a machine's.") var owner: String?
        func run() async throws { try await options.tool.listAPIKeys(of: owner).finish() }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key; its secret is shown once.")
        @OptionGroup var options: IdentityOptions
        @Argument(help: "The machine's name; the user's with --personal.") var owner: String
        @Flag(help: "A personal token of a user.") var personal = false
        @Option(help: "What it is for.") var name = "-"
        @Option(help: "What it allows; may stand several times.") var scope: [String] = []
        @Option(help: "Days until it ends; never by default.") var days: Int64?
        func run() async throws {
            try await options.tool.createAPIKey(owner: owner, isPersonal: personal, name: name, scopes: scope, days: days).finish()
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a key.")
        @OptionGroup var options: IdentityOptions
        @Argument(help: "The key's id.") var id: String
        func run() async throws { try await options.tool.revokeAPIKey(id).finish() }
    }
}
