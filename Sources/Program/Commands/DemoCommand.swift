import ArgumentParser
import GatehouseServer

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Start a careless little shop and Gatehouse in front of it, and say what to try.",
        discussion: "Exit code 0 after a stop, 1 when the start failed, such as when a port is taken.")

    @Option(help: "The port of Gatehouse on 127.0.0.1.")
    var port = 8080

    @Option(help: "The port of the bare shop on 127.0.0.1; 0 for any free one.")
    var shopPort = 8081

    func run() async throws {
        let code = await DemoProgram(port: port, shopPort: shopPort).run()
        if code != 0 { throw ExitCode(code) }
    }
}
