import Foundation
import GatehouseConfiguration
import GatehouseCore
import GatehouseGuards
import GatehouseTesting
internal import HTTPWire
import JOSE
import NIOCore
import NIOPosix
import StrictJSON
import Testing

@testable import GatehouseAuthentication

/// An issuer of test tokens with a key of its own, and the settings that trust it by a file of keys.
struct TestIssuer {
    let key: JSONWebKey
    let settings: TokenIssuerSettings
    static let now: Int64 = 1_767_225_600

    init(_ name: String = "https://login.example", algorithm: SignatureAlgorithm = .es256) throws {
        key = try JSONWebKey.generate(for: algorithm)
        let path = NSTemporaryDirectory() + "gatehouse-keys-\(UUID().uuidString).json"
        try Data(JSONWebKeySet([key.publicKey()]).json().bytes()).write(to: URL(fileURLWithPath: path))
        var settings = TokenIssuerSettings()
        settings.issuer = try #require(HTTPAddress(name))
        settings.audiences = ["https://api.example"]
        settings.keysFile = FilePath(path)
        self.settings = settings
    }

    /// A token of good claims, with changes; `nil` takes a claim away.
    func token(_ changes: [String: JSONValue?] = [:], type: String = "at+jwt", key other: JSONWebKey? = nil) throws -> String {
        var claims: JSONObject = [
            "iss": .string(settings.issuer.description), "sub": "alice", "aud": "https://api.example", "client_id": "shop",
            "iat": JSONValue(Self.now - 10), "exp": JSONValue(Self.now + 600), "jti": "token-1", "scope": "orders:read orders:write",
        ]
        for (name, value) in changes { claims[name] = value }
        return try JWTSigner(SigningKey(other ?? key), type: type).sign(claims)
    }
}

/// A house with one authentication guard.
struct GuardedHouse: @unchecked Sendable {  // a test uses it on one thread at a time
    let house: TestHouse
    let ground: AuthenticationGround
    let signingKey: JSONWebKey

    init(_ settings: AuthenticationGuardSettings, mode: GuardMode = .enforce) throws {
        signingKey = try JSONWebKey.generate(for: .es256)
        let clock = FakeClock()
        ground = AuthenticationGround(
            signer: try IdentitySigner(signingKey), nonceSecret: [UInt8](repeating: 7, count: 32), clock: clock, events: EventRecorder())
        let ground = self.ground
        house = TestHouse([IdentityFieldsGuard(settings), try AuthenticationGuard(settings, service: "shop", ground: ground)], mode: mode)
    }

    /// Sends a request and gives what came of it.
    func send(_ fields: KeyValuePairs<String, String> = [:], secure: Bool = true) -> (exchange: Exchange, outcome: GuardChain.Outcome) {
        let exchange = house.exchange(.get, "/orders", fields, secure: secure)
        return (exchange, house.request(exchange))
    }

    /// Sends a request on an event loop, so that the guard can wait.
    func sendOnLoop(_ fields: KeyValuePairs<String, String>) async throws -> GuardChain.Outcome {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        return try await loop.flatSubmit { () -> EventLoopFuture<Seen> in
            let exchange = house.exchange(.get, "/orders", fields, secure: true)
            exchange.eventLoop = loop
            guard case .wait(let future) = house.request(exchange) else { return loop.makeFailedFuture(CancellationError()) }
            return future.assumeIsolated().map { Seen(outcome: $0) }.nonisolated()
        }.get().outcome
    }

    private struct Seen: @unchecked Sendable {  // looked at after the loop is done with it
        let outcome: GuardChain.Outcome
    }
}

extension AuthenticationGuardSettings {
    /// A place that needs a token of an issuer.
    static func requiring(_ issuers: TestIssuer..., change: (inout Self) -> Void = { _ in }) -> Self {
        var settings = Self()
        settings.require = .required
        settings.issuers = issuers.map(\.settings)
        change(&settings)
        return settings
    }
}

extension Refusal {
    /// All challenges.
    var challenges: [String] { fields.filter { $0.name == "www-authenticate" }.map(\.value) }
}
