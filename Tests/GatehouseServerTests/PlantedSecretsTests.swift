import Foundation
import GatehouseAudit
import GatehouseIdentity
import GatehouseServer
import GatehouseStore
import Passwords
import StrictJSON
import Synchronization
import Testing

/// Plants 1,000 strings wherever a caller, a backend or a service may hand a secret to a running house, and looks for each of them in every byte
/// that the house leaves behind: the data folder, a backup, the events.
@Suite struct PlantedSecretsTests {
    @Test func leavesNoneOfAThousandPlantedStringsBehind() async throws {
        let planted = Planted()
        let backend = try await ScriptedBackend { request, _ in
            let secrets = planted.take(3)
            if request.contains(" /crash ") {
                return answer(
                    "{\"password\":\"\(secrets[0])\",\"detail\":{\"access_token\":\"\(secrets[1])\"}}", status: "500 Internal Server Error",
                    fields: "Set-Cookie: a=\(secrets[2])\r\n")
            }
            return answer("\(secrets[0])", fields: "Set-Cookie: session=\(secrets[1])\r\nX-Secret: \(secrets[2])\r\n")
        }
        let house = try await RunningHouse(
            upstreamPorts: [backend.port], service: "    guards:\n      waf: enforce\n", more: "limits:\n  requests_per_connection: 100000\n")
        for round in 0..<40 {
            for request in Self.requests(planted, round) { _ = try await RawClient.exchange(request, port: house.port) }
        }
        try await Self.identity(planted, house)
        let ground = try #require(house.ground)
        while planted.count < 1_000 {
            let secrets = planted.take(3)
            ground.audit?.append(
                .init(.login, action: "login", actor: secrets[0], subject: secrets[1], facts: [.init("reason", secrets[2])]))
        }
        try await ground.store.backUp(to: house.folder + "/backup")
        let lines = await house.stop()
        #expect(planted.count >= 1_000)
        #expect(lines.count >= 200)
        var bytes = 0
        let files = try #require(FileManager.default.enumerator(atPath: house.folder))
        while let name = files.nextObject() as? String {
            guard let data = FileManager.default.contents(atPath: house.folder + "/" + name) else { continue }
            bytes += data.count
            guard let place = data.range(of: Data(Planted.mark.utf8)) else { continue }
            let from = max(0, place.lowerBound - 200)
            Issue.record("\(name): \(String(decoding: data[from..<min(data.count, place.upperBound + 60)], as: UTF8.self))")
        }
        #expect(bytes > 100_000)
    }

    private static func requests(_ planted: Planted, _ round: Int) -> [String] {
        let s = planted.take(14)
        let form = "user=a&password=\(s[0])&client_secret=\(s[1])"
        let json = "{\"user\":\"a\",\"password\":\"\(s[2])\",\"nested\":{\"token\":\"\(s[3])\"}}"
        let attack = "name=x&password=\(s[4])'+OR+1=1--"
        return [
            get("/\(round)?access_token=\(s[5])&q=1&code=\(s[6])", fields: "Authorization: Bearer \(s[7])\r\nCookie: session=\(s[8])\r\n"),
            get("/basic", fields: "Authorization: Basic \(Data("user:\(s[9])".utf8).base64EncodedString())\r\nX-Api-Key: \(s[10])\r\n"),
            get("/x/..%2fadmin?token=\(s[11])", fields: "Proxy-Authorization: Bearer \(s[12])\r\nCookie: b=\(s[13])\r\n"),
            get("/crash"), post(form, "application/x-www-form-urlencoded"), post(json, "application/json"),
            post(attack, "application/x-www-form-urlencoded"),
        ]
    }

    private static func post(_ body: String, _ type: String) -> String {
        "POST /form HTTP/1.1\r\nHost: test.example\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    /// Users with planted names, mails and passwords, under the house's own keys.
    private static func identity(_ planted: Planted, _ house: RunningHouse) async throws {
        let ground = try #require(house.ground)
        try await ground.store.migrate([IdentityTables.migrations])
        let users = UserStore(store: ground.store, sealer: KeptSealer(ground.keeper))
        var random = SystemRandomNumberGenerator()
        let hasher = try #require(PasswordHasher(Argon2Parameters(memoryKiB: 64, iterations: 1), using: &random))
        for number in 0..<20 {
            let s = planted.take(3)
            let user = User(id: "u\(number)", name: s[0], claims: ["email": .string("\(s[1])@example.org")])
            #expect(try await users.insert(user, password: hasher.hash(s[2], using: &random), at: 0))
        }
    }
}

/// Hands out strings that nobody else writes, and counts them.
final class Planted: Sendable {
    static let mark = "zqplantedzq"
    private let numbers = Mutex(0)

    var count: Int { numbers.withLock { $0 } }

    func take(_ count: Int) -> [String] {
        let first = numbers.withLock { number in
            defer { number += count }
            return number
        }
        return (first..<first + count).map { "\(Self.mark)\($0)x\(UInt32.random(in: 0 ... .max))" }
    }
}
