import ArgumentParser
import GatehouseConfiguration
import GatehouseCore
import GatehouseServer

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Serve a configuration until the program is told to stop.")

    @Option(help: "How many event loops; by default one per core.")
    var workers: Int?

    @Option(name: .customLong("upstream"), help: "upstream")
    var upstream: String

    @Option(name: .customLong("port"))
    var port = 8080

    @Option var tlsPort: Int?
    @Flag var quiet = false

    func run() async throws {
        var configuration = Configuration()
        var service = Service()
        service.name = "bench"
        var up = Upstream()
        let parts = upstream.split(separator: ":")
        up.url = UpstreamURL(scheme: .init(rawValue: String(parts[0]))!, endpoint: .init(text: parts[1] + ":" + parts[2])!)
        service.upstreams = [up]
        configuration.services = [service]
        configuration.listeners[0].address = .init(text: "127.0.0.1:\(port)")!
        if let tlsPort {
            var l = Listener()
            l.address = .init(text: "127.0.0.1:\(tlsPort)")!
            l.tls = ListenerTLS()
            configuration.listeners.append(l)
        }
        configuration.events.stdout = !quiet
        configuration.limits.connectionsPerClient = 20000
        let server = try HouseServer(configuration, workers: workers ?? 1)
        try await server.start(configuration)
        try await Task.sleep(for: .seconds(86400))
    }
}
