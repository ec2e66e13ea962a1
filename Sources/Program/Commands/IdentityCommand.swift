import ArgumentParser
import GatehouseTools

struct IdentityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract: "Tools for the OpenID provider.",
        subcommands: [IdentitySpeedCommand.self, IdentityBreachedCommand.self])
}

struct IdentitySpeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "speed",
        abstract: "Measure tokens and introspections a second, with SQLite on disk in a temporary folder.",
        discussion: "Prints one line for each endpoint: answers a second, median and 99th percentile of their time. Exit code 0.")

    @Option(help: "Seconds for each endpoint.")
    var seconds = 3.0

    @Option(help: "Requests at a time.")
    var connections = 16

    func run() async throws {
        try await IdentitySpeed.printTable(seconds: seconds, connections: connections)
    }
}

struct IdentityBreachedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "breached",
        abstract: "Make a small filter of a list of breached passwords.",
        discussion: """
            The list has a SHA-1 digest on each line, alone or before a colon, as such lists are published. The filter is a tenth of its size or less, \
            refuses every password of the list and fewer than one in a hundred others. Exit code 0, or 1 where a file cannot be used.
            """)

    @Argument(help: "The list.") var digests: String
    @Argument(help: "The filter to write.") var filter: String

    func run() async throws { try IdentityBreachedList.make(of: digests, into: filter).finish() }
}
