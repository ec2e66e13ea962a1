import Crypto
import Foundation
import GatehouseCore
import GatehouseIdentity
import GatehouseStore
import JOSE
import StrictJSON

/// How many tokens a second the authorization server makes and tells about, with SQLite on disk.
public struct IdentitySpeed: Sendable {
    /// What was measured of one endpoint.
    public struct Row: Sendable {
        /// What was asked.
        public let name: String
        /// Answers a second.
        public let rate: Double
        /// Half of the answers took at most so many milliseconds.
        public let median: Double
        /// 99 of 100 answers took at most so many milliseconds.
        public let slow: Double
    }

    private static let secret = "gatecs_measuring-needs-a-secret-of-some-length"
    private static let resource = "https://api.example"

    private let server: AuthorizationServer

    private struct Silence: EventSink { func emit(_ event: Event) {} }
    private struct Nobody: UserDirectory {
        func claims(of userID: String, scopes: Set<String>) async throws -> JSONObject? { nil }
    }

    /// A server with one client, in a folder of its own.
    public init(folder: String) async throws {
        let store = try await Store.open(.file(folder + "/gatehouse.sqlite"))
        try await store.migrate([IdentityTables.migrations])
        var configuration = IdentityConfiguration(issuer: "https://id.example")
        configuration.signingAlgorithms = [.es256]
        configuration.resources = [ProtectedResource(identifier: Self.resource, scopes: ["read"])]
        server = AuthorizationServer(
            configuration, store: store, sealer: EphemeralSealer(), users: Nobody(), proofSecret: [UInt8](repeating: 1, count: 32),
            clock: SystemClock(), events: Silence())
        try await server.maintain()
        var metadata = Client.Metadata(
            name: "speed", authentication: .post, grantTypes: ["client_credentials"], scopes: ["read"])
        metadata.introspects = [Self.resource]
        let client = Client(id: "speed", metadata: metadata, secretHash: [UInt8](SHA256.hash(data: Array(Self.secret.utf8))))
        try await store.write { try ClientStore.insert(client, at: 0, in: $0) }
    }

    /// Asks for so many seconds over so many connections.
    public func measure(seconds: Double, connections: Int) async throws -> [Row] {
        let credentials = ["client_id": "speed", "client_secret": Self.secret]
        let asking = FormParameters(credentials.merging(["grant_type": "client_credentials", "scope": "read"]) { $1 })
        let answer = try JSONValue(parsing: await server.token(IdentityRequest(parameters: asking)).body)
        guard let token = answer["access_token"]?.string else { throw OAuthError(.serverError, "no token was made: \(answer)") }
        let telling = FormParameters(credentials.merging(["token": token]) { $1 })
        return [
            await run("client-credentials tokens", seconds, connections) { await server.token(IdentityRequest(parameters: asking)).status },
            await run("introspections", seconds, connections) { await server.introspect(IdentityRequest(parameters: telling)).status },
        ]
    }

    private func run(_ name: String, _ seconds: Double, _ connections: Int, _ ask: @escaping @Sendable () async -> Int) async -> Row {
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + .milliseconds(Int(seconds * 1000))
        let times = await withTaskGroup(of: [Double].self) { group in
            for _ in 0..<connections {
                group.addTask {
                    var times: [Double] = []
                    while clock.now < end {
                        let begin = clock.now
                        guard await ask() == 200 else { continue }
                        times.append((clock.now - begin) / .milliseconds(1))
                    }
                    return times
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }.sorted()
        let elapsed = (clock.now - start) / .seconds(1)
        let at = { (share: Double) in times.isEmpty ? 0 : times[min(times.count - 1, Int(Double(times.count) * share))] }
        return Row(name: name, rate: Double(times.count) / elapsed, median: at(0.5), slow: at(0.99))
    }

    /// Measures in a temporary folder and prints a line for each endpoint.
    public static func printTable(seconds: Double, connections: Int) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "gatehouse-speed-\(ProcessInfo.processInfo.processIdentifier)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for row in try await IdentitySpeed(folder: folder.path).measure(seconds: seconds, connections: connections) {
            let (median, slow) = (String(format: "%.2f", row.median), String(format: "%.2f", row.slow))
            print("\(row.name): \(Int(row.rate))/s, median \(median) ms, 99th \(slow) ms")
        }
    }
}
