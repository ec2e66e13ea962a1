import ArgumentParser
import GatehouseTools

struct GuardsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guards",
        abstract: "Look at the guards by themselves.",
        subcommands: [GuardsSpeedCommand.self])
}

struct GuardsSpeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "speed",
        abstract: "Measure what each guard costs a request on one core.",
        discussion: """
            Prints one line for each guard: its name and nanoseconds a request, without sockets. The last two lines are the cost of \
            counting ten million distinct clients against one limit of a million keys, and the memory that has taken. Exit code 0.
            """)

    @Option(help: "Milliseconds for each guard.")
    var milliseconds = 300

    func run() { GuardSpeed.printTable(milliseconds: milliseconds) }
}
