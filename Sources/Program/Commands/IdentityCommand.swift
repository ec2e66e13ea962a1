import ArgumentParser
import GatehouseTools

struct IdentityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract: "Tools for the OpenID provider.",
        subcommands: [IdentitySpeedCommand.self])
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
