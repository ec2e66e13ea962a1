import ArgumentParser
import GatehouseTools

struct CredentialsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credentials",
        abstract: "Make lines for the files of API keys and of machines' passwords.",
        subcommands: [CredentialsKeyCommand.self, CredentialsPasswordCommand.self])
}

struct CredentialOptions: ParsableArguments {
    @Argument(help: "The caller's name: no spaces, no colon.")
    var name: String

    @Option(help: "Scopes, separated by commas.")
    var scopes = ""

    @Option(help: "Groups, separated by commas.")
    var groups = ""

    @Option(help: "Roles, separated by commas.")
    var roles = ""

    @Option(help: "The last day on which it counts, such as 2027-01-31.")
    var expires = ""

    var attributes: CredentialLines.Attributes {
        var attributes = CredentialLines.Attributes()
        (attributes.scopes, attributes.groups, attributes.roles, attributes.expires) = (scopes, groups, roles, expires)
        return attributes
    }

    func validate() throws {
        for text in [name, scopes, groups, roles, expires] where text.contains(where: \.isWhitespace) {
            throw ValidationError("`\(text)` has spaces")
        }
        if name.isEmpty || name.contains(":") || name.hasPrefix("#") { throw ValidationError("`\(name)` is no name") }
    }
}

struct CredentialsKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make an API key.",
        discussion: """
            Prints two lines: the key, which can be had only now, and the line for the file that `api_keys.file` names. Exit code 0.
            """)

    @OptionGroup var options: CredentialOptions

    func run() {
        let made = CredentialLines.key(options.name, options.attributes)
        print(made.secret)
        print(made.line)
    }
}

struct CredentialsPasswordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Hash the password of a machine.",
        discussion: """
            Reads the password as one line from standard input and prints the line for the file that `basic.file` names. Exit code 0; 1 where \
            there is no password.
            """)

    @OptionGroup var options: CredentialOptions

    func run() throws {
        guard let password = readLine(), !password.isEmpty,
            let line = CredentialLines.password(options.name, password, options.attributes)
        else { throw ExitCode(1) }
        print(line)
    }
}
