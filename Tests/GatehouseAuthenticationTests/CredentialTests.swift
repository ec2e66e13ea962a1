import Crypto
import Foundation
import GatehouseConfiguration
internal import GatehouseCore
import GatehouseGuards
import GatehouseTesting
internal import HTTPWire
import JOSE
internal import NIOCore
import NIOPosix
import Passwords
import SwiftASN1
import Testing
import X509

@testable import GatehouseAuthentication

struct APIKeyTests {
    private let key = "gatekey_0123456789abcdef"

    private func settings(expires: Int64? = nil) -> AuthenticationGuardSettings {
        var settings = AuthenticationGuardSettings()
        settings.require = .required
        let digest = SHA256.hash(data: Array(key.utf8)).map { String(UInt16($0) + 256, radix: 16).suffix(2) }.joined()
        var entry = CredentialFile.Entry(name: "billing", hash: "sha256:\(digest)")
        entry.scopes = ["invoices"]
        entry.expires = expires
        settings.apiKeys.file = CredentialFile(path: FilePath("keys"), entries: [entry])
        return settings
    }

    @Test func `a known key names its holder and is kept from the backend`() throws {
        let (exchange, outcome) = try GuardedHouse(settings()).send(["x-api-key": key])
        #expect(outcome.isPass)
        #expect(exchange.identity?.subject == "billing")
        #expect(exchange.identity?.scopes == ["invoices"])
        #expect(exchange.identity?.credential == .apiKey)
        #expect(exchange.request.fields["x-api-key"] == nil)
    }

    @Test(arguments: ["gatekey_0123456789abcdeg", "short", String(repeating: "x", count: 600)])
    func `another key is refused`(key: String) throws {
        let refusal = try #require(try GuardedHouse(settings()).send(["x-api-key": key]).outcome.refusal)
        #expect(refusal.problem.status == 401)
        #expect(refusal.challenges == ["ApiKey realm=\"shop\", header=\"x-api-key\""])
        #expect(!refusal.reason.contains(key))
    }

    @Test func `an expired key and a doubled one are refused`() throws {
        #expect(try GuardedHouse(settings(expires: TestIssuer.now)).send(["x-api-key": key]).outcome.refusal != nil)
        #expect(try GuardedHouse(settings()).send(["x-api-key": key, "x-api-key": key]).outcome.refusal?.problem.status == 400)
    }

    @Test func `a key beside a token is refused`() throws {
        let issuer = try TestIssuer()
        var settings = settings()
        settings.issuers = [issuer.settings]
        let outcome = try GuardedHouse(settings).send(["x-api-key": key, "authorization": "Bearer \(issuer.token())"]).outcome
        #expect(outcome.refusal?.rule == "two_credentials")
    }
}

struct BasicTests {
    private static func settings() throws -> AuthenticationGuardSettings {
        var random = SystemRandomNumberGenerator()
        let hasher = try #require(PasswordHasher(Argon2Parameters(memoryKiB: 64, iterations: 1), using: &random))
        let hash = try #require(hasher.hash("correct horse", using: &random))
        var entry = CredentialFile.Entry(name: "robot", hash: hash.text)
        entry.roles = ["batch"]
        var settings = AuthenticationGuardSettings()
        settings.require = .required
        settings.basic.file = CredentialFile(path: FilePath("machines"), entries: [entry])
        return settings
    }

    private func send(_ pair: String, _ house: GuardedHouse) async throws -> (GuardChain.Outcome, CallerIdentity?) {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let text = Data(pair.utf8).base64EncodedString()
        let answer = try await loop.flatSubmit {
            let exchange = house.house.exchange(.get, "/", ["authorization": "Basic \(text)"])
            exchange.eventLoop = loop
            guard case .wait(let future) = house.house.request(exchange) else {
                return loop.makeSucceededFuture(Seen(house.house.request(exchange), exchange))
            }
            return future.assumeIsolated().map { Seen($0, exchange) }.nonisolated()
        }.get()
        return (answer.outcome, answer.identity)
    }

    private struct Seen: @unchecked Sendable {  // looked at after the loop is done with it
        let outcome: GuardChain.Outcome
        let identity: CallerIdentity?
        init(_ outcome: GuardChain.Outcome, _ exchange: Exchange) {
            self.outcome = outcome
            identity = exchange.identity
        }
    }

    @Test func `name and password name a machine`() async throws {
        let (outcome, identity) = try await send("robot:correct horse", GuardedHouse(Self.settings()))
        #expect(outcome.isPass)
        #expect(identity?.subject == "robot")
        #expect(identity?.roles == ["batch"])
    }

    @Test(arguments: ["robot:wrong", "nobody:correct horse", "robot", ":", "robot:correct horse\u{0}"])
    func `others are refused`(pair: String) async throws {
        let (outcome, identity) = try await send(pair, GuardedHouse(Self.settings()))
        #expect(outcome.refusal?.challenges == ["Basic realm=\"shop\", charset=\"UTF-8\""])
        #expect(identity == nil)
    }

    @Test func `a verified password is remembered for a while`() async throws {
        let house = try GuardedHouse(Self.settings())
        _ = try await send("robot:correct horse", house)
        let text = Data("robot:correct horse".utf8).base64EncodedString()
        #expect(house.send(["authorization": "Basic \(text)"]).outcome.isPass)
        house.house.clock.advance(by: .seconds(60))
        #expect(house.send(["authorization": "Basic \(text)"]).outcome.refusal?.rule == "no_loop")
    }
}

struct CertificateTests {
    private static func certificate(commonNames: [String] = ["robot"], names: [GeneralName] = []) throws -> [UInt8] {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let subject = try DistinguishedName(commonNames.map { RelativeDistinguishedName.Attribute(type: .RDNAttributeType.commonName, utf8String: $0) })
        let made = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key.publicKey, notValidBefore: Date(timeIntervalSince1970: Double(TestIssuer.now) - 100),
            notValidAfter: Date(timeIntervalSince1970: Double(TestIssuer.now) + 100), issuer: subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions { if !names.isEmpty { SubjectAlternativeNames(names) } }, issuerPrivateKey: key)
        var serializer = DER.Serializer()
        try serializer.serialize(made)
        return serializer.serializedBytes
    }

    private func verify(_ match: String, _ der: [UInt8]) throws -> CallerIdentity? {
        var rule = CertificateRule()
        rule.match = try #require(CertificateMatch.configured(match))
        rule.roles = ["machine"]
        let facts = TLSFacts(version: "TLSv1.3", serverName: "", clientCertificate: der, clientCertificateHash: [UInt8](SHA256.hash(data: der)))
        return try? CertificateVerifier([rule]).verify(facts).identity
    }

    @Test(arguments: [
        ("uri:spiffe://example.org/billing", "spiffe://example.org/billing"), ("uri:spiffe://example.org/*", "spiffe://example.org/billing"),
        ("uri:spiffe://example.org/bill", nil), ("dns:a.internal", "a.internal"), ("dns:*.internal", "a.internal"), ("dns:*.a.internal", nil),
        ("email:robot@example.org", "robot@example.org"), ("email:*@example.org", "robot@example.org"), ("email:*@ample.org", nil),
        ("cn:robot", "robot"), ("cn:Robot", nil), ("sha256:" + String(repeating: "0", count: 64), nil),
    ])
    func `an entry takes the names that it is for`(match: String, subject: String?) throws {
        let names: [GeneralName] = [
            .uniformResourceIdentifier("spiffe://example.org/billing"), .dnsName("A.internal"), .rfc822Name("robot@example.org"),
        ]
        #expect(try verify(match, Self.certificate(names: names))?.subject == subject)
    }

    @Test func `a subject with two common names matches by none`() throws {
        #expect(try verify("cn:robot", Self.certificate(commonNames: ["robot", "admin"])) == nil)
    }
}

struct KeySetScheduleTests {
    private let second: Int64 = 1_000_000_000

    @Test func `a key that is missing begins one fetch, and others join it`() {
        let schedule = Scheduled()
        #expect(schedule.keyIsMissing(at: 0) == .fetch)
        #expect(schedule.keyIsMissing(at: 1) == .join)
        schedule.ended(success: true, at: second)
        #expect(schedule.keyIsMissing(at: 29 * second) == .refuse)
        #expect(schedule.keyIsMissing(at: 30 * second) == .fetch)
    }

    @Test func `strangers cannot drive the fetches`() {
        let schedule = Scheduled()
        _ = schedule.tick(at: 0)
        schedule.ended(success: true, at: 0)
        let fetches = (1...600).filter { tick in
            guard schedule.keyIsMissing(at: Int64(tick) * second / 10) == .fetch else { return false }
            schedule.ended(success: true, at: Int64(tick) * second / 10)
            return true
        }
        #expect(fetches.count == 2)
    }

    @Test func `an issuer that was never reached is asked every five seconds`() {
        let schedule = Scheduled()
        #expect(schedule.tick(at: 0))
        #expect(!schedule.tick(at: 1))
        schedule.ended(success: false, at: second)
        #expect(!schedule.tick(at: 4 * second))
        #expect(schedule.tick(at: 5 * second))
    }

    @Test func `a set is fetched anew every ten minutes, after a failure every half minute`() {
        let schedule = Scheduled()
        #expect(schedule.tick(at: 0))
        schedule.ended(success: true, at: 0)
        #expect(!schedule.tick(at: 599 * second))
        #expect(schedule.tick(at: 600 * second))
        schedule.ended(success: false, at: 601 * second)
        #expect(!schedule.tick(at: 629 * second))
        #expect(schedule.tick(at: 630 * second))
    }
}

struct ReplayStoreTests {
    @Test func `a proof counts once for as long as it could count`() {
        let store = ReplayStore(capacity: 100)
        #expect(store.take("a", of: "k", life: 80, at: 1000) == .fresh)
        #expect(store.take("a", of: "k", life: 80, at: 1079) == .replayed)
        #expect(store.take("a", of: "k", life: 80, at: 1080) == .replayed)
        #expect(store.take("a", of: "other", life: 80, at: 1000) == .fresh)
    }

    @Test func `it is bounded, and full means no`() {
        let store = ReplayStore(capacity: 10)
        for number in 0..<10 { #expect(store.take("\(number)", of: "k", life: 80, at: 1000) == .fresh) }
        #expect(store.take("x", of: "k", life: 80, at: 1001) == .full)
        #expect(store.take("x", of: "k", life: 80, at: 1161) == .fresh)
    }
}

/// A schedule that expectations can ask.
private final class Scheduled {
    private var schedule = KeySetSchedule()

    func keyIsMissing(at now: Int64) -> KeySetSchedule.Answer { schedule.keyIsMissing(at: now) }
    func tick(at now: Int64) -> Bool { schedule.tick(at: now) }
    func ended(success: Bool, at now: Int64) { schedule.ended(success: success, at: now) }
}
