import Foundation
import GatehouseAudit
import GatehouseConfiguration
import GatehouseServer
import GatehouseStore
import Synchronization
import Testing

/// A house in front of a scripted backend, on free ports.
struct RunningHouse {
    let server: HouseServer
    let port: Int
    let eventFile: String
    /// Its configuration file.
    let file: String
    /// Where everything of the house lies.
    let folder: String
    private let configuration: Configuration
    /// The certificate of the development CA, where the house made one.
    let authorityFile: String

    /// Starts a house; `more` is YAML that is added to the file, `service` YAML lines of the service.
    init(
        upstreamPorts: [Int], scheme: String = "http", service: String = "", listen: String = "listen: 127.0.0.1:0", more: String = "", timeouts: String = "request_head: 60s",
        workers: Int = 1, folder: String? = nil, data: String? = nil
    ) async throws {
        let folder = folder ?? NSTemporaryDirectory() + "gatehouse-test-\(UUID().uuidString)"
        self.folder = folder
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
            data: \(data ?? folder + "/data")
            timeouts:
              \(timeouts)
            \(more)
            """
        file = folder + "/gatehouse.yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let loaded = try ConfigurationLoader(file: file).load()
        configuration = loaded.configuration
        server = try await HouseServer(loaded.configuration, workers: workers)
        try await server.start()
        port = Int(server.addresses[0].split(separator: ":").last ?? "0") ?? 0
    }

    /// What the house stands on; nil where it needs nothing.
    var ground: HouseGround? { server.ground }

    /// The events of the audit log of a house that was stopped.
    func auditEvents() async throws -> [AuditEvent] {
        let ground = try await HouseGround.open(configuration)
        let log = try #require(ground.audit)
        try await log.checkpoint()
        let found = Mutex<[AuditEvent]>([])
        try await AuditReader(path: log.path + "/log", key: log.key).events(keeper: ground.keeper) { event in
            if let event = event.event { found.withLock { $0.append(event) } }
        }
        try await ground.close()
        return found.withLock { $0 }
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
