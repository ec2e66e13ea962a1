import Foundation
import GatehouseConfiguration
import GatehouseServer

/// A house in front of a scripted backend, on free ports.
struct RunningHouse {
    let server: HouseServer
    let port: Int
    let eventFile: String
    /// Its configuration file.
    let file: String
    /// The certificate of the development CA, where the house made one.
    let authorityFile: String

    /// Starts a house; `more` is YAML that is added to the file, `service` YAML lines of the service.
    init(
        upstreamPorts: [Int], scheme: String = "http", service: String = "", listen: String = "listen: 127.0.0.1:0", more: String = "", timeouts: String = "request_head: 60s",
        workers: Int = 1
    ) async throws {
        let folder = NSTemporaryDirectory() + "gatehouse-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        eventFile = folder + "/events.jsonl"
        authorityFile = folder + "/data/development-ca.pem"
        let upstreams = upstreamPorts.map { "      - url: \(scheme)://127.0.0.1:\($0)\n" }.joined()
        let text = """
            \(listen)
            services:
              - name: test
                upstreams:
            \(upstreams)\(service)
            admin:
              listen: off
            events:
              stdout: false
              file:
                path: \(eventFile)
            data: \(folder)/data
            timeouts:
              \(timeouts)
            \(more)
            """
        file = folder + "/gatehouse.yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let loaded = try ConfigurationLoader(file: file).load()
        server = try HouseServer(loaded.configuration, workers: workers)
        try await server.start()
        port = Int(server.addresses[0].split(separator: ":").last ?? "0") ?? 0
    }

    /// Stops the house and gives the lines of its event file.
    func stop() async -> [String] {
        await server.stop()
        let text = (try? String(contentsOfFile: eventFile, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }
}

/// An answer with a length.
func answer(_ body: String, status: String = "200 OK", fields: String = "") -> (bytes: String, closes: Bool)? {
    ("HTTP/1.1 \(status)\r\nContent-Type: text/plain\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)", false)
}

/// A request that asks for the end of the connection after its answer.
func get(_ path: String, fields: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: test.example\r\n\(fields)Connection: close\r\n\r\n"
}
