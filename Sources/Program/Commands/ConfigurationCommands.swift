import ArgumentParser
import GatehouseTools

/// The file that a command reads.
struct ConfigurationFile: ParsableArguments {
    @Option(name: [.customShort("c"), .customLong("config")], help: ArgumentHelp("The configuration file.", valueName: "file"))
    var path = "gatehouse.yaml"
}

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented configuration file to start from.",
        discussion: """
            The file it writes passes `gatehouse check` and has every guard on that needs no knowledge of your service.

            Exit code 0 when it was written; 1 when the URL is none, or the file is there and --force was not given.
            """)

    @Option(help: ArgumentHelp("Your backend: http://HOST:PORT, https://…, h2c://… or h2://….", valueName: "url"))
    var upstream: String

    @Option(help: ArgumentHelp("Where Gatehouse listens.", valueName: "host:port"))
    var listen = "127.0.0.1:8080"

    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
    var output = "gatehouse.yaml"

    @Flag(help: "Replace a file that is there.")
    var force = false

    func run() throws {
        var starter = ConfigurationStarter(upstream: upstream)
        (starter.listen, starter.file, starter.overwrites) = (listen, output, force)
        try starter.run().finish()
    }
}

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validate the configuration, list what is unsafe in it, and tell what holds for a URL.",
        discussion: """
            Shows every error at once with its file, line, column and the key that was likely meant. A good file is summed up, and each \
            unsafe choice in it is listed with the reason. With --url it prints the service, the route and every setting that \
            holds for one request, each with the line that set it.

            Exit code 0 for a good file, 1 for a bad one, 2 for a good one with unsafe choices under --strict.
            """)

    @OptionGroup var file: ConfigurationFile

    @Option(help: ArgumentHelp("Print the effective policy of a URL.", valueName: "url"))
    var url: String?

    @Option(help: "The method of that request.")
    var method = "GET"

    @Flag(help: "With --url: show settings that have their defaults too.")
    var all = false

    @Flag(help: "Fail when something unsafe is chosen.")
    var strict = false

    @Flag(help: "Answer in JSON, for tools.")
    var json = false

    func run() throws {
        var check = ConfigurationCheck(file: file.path)
        (check.url, check.method, check.showsDefaults, check.isStrict, check.asJSON) = (url, method, all, strict, json)
        try check.run().finish()
    }
}

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print what the configuration file may hold.",
        subcommands: [ConfigSchemaCommand.self, ConfigDocsCommand.self])
}

struct ConfigSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print a JSON Schema (2020-12) of the file, for editors.",
        discussion: """
            Save it and name it in the first line of your file: `# yaml-language-server: $schema=gatehouse.schema.json`. Exit code 0.
            """)

    func run() throws { try ConfigurationReference.schema.finish() }
}

struct ConfigDocsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs",
        abstract: "Print the reference of every key in Markdown.",
        discussion: "docs/configuration.md is this output. Exit code 0.")

    func run() throws { try ConfigurationReference.page.finish() }
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version.",
        discussion: "One line: name, number, platform and build. Exit code 0.")

    func run() { print(HouseVersion.line) }
}
