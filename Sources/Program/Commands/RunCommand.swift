import ArgumentParser
import GatehouseKeys
import GatehouseServer

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Serve a configuration until the program is told to stop.",
        discussion: """
            Reads the file, opens its listeners and writes events. SIGHUP, or a change of the file, reads it again: running requests \
            are not touched, and a file with errors leaves the old one in force. SIGTERM and Ctrl-C let running requests end first.

            Exit code 0 after a stop, 1 when something at the start failed, 2 when the file has errors.
            """)

    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = "gatehouse.yaml"

    @Option(help: "How many event loops; by default one per core.")
    var workers: Int?

    func run() async throws {
        ProcessMemory.keepSecret()
        let code = await HouseProgram(file: config, workers: workers).run()
        if code != 0 { throw ExitCode(code) }
    }
}
