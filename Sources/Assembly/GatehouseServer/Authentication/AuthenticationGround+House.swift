internal import Crypto
internal import Foundation
internal import GatehouseAuthentication
internal import GatehouseCore
internal import JOSE

extension AuthenticationGround {
    /// The ground of a house: with a store, secrets and sessions that outlast restarts and are the same on all nodes; without one,
    /// secrets and sessions that last as long as the process.
    ///
    /// - Throws: ``JOSEError`` where the library makes no keys.
    convenience init(of house: HouseGround?, clock: any HouseClock, events: any EventSink) throws {
        guard let house else {
            var random = SystemRandomNumberGenerator()
            let secret = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
            self.init(signer: try IdentitySigner(.generate(for: .es256)), nonceSecret: secret, clock: clock, events: events)
            return
        }
        self.init(
            signer: try IdentitySigner(Self.signingKey(from: house.gatewaySecret)),
            nonceSecret: Self.derived("gateway nonces and cookies", from: house.gatewaySecret),
            vault: StoreVault(house.store, house.keeper, secret: Self.derived("gateway session marks", from: house.gatewaySecret)),
            clock: clock, events: events)
    }

    /// The one P-256 key that grows from a secret: the first derived number that is one.
    private static func signingKey(from secret: [UInt8]) throws -> JSONWebKey {
        for attempt in 0..<64 {
            let scalar = derived("gateway identity key \(attempt)", from: secret)
            guard let key = try? P256.Signing.PrivateKey(rawRepresentation: scalar) else { continue }
            let point = [UInt8](key.publicKey.rawRepresentation)
            let material = KeyMaterial.elliptic(.p256, x: Array(point.prefix(32)), y: Array(point.suffix(32)), d: scalar)
            var made = try JSONWebKey(material, use: "sig", algorithm: "ES256")
            made.keyID = Base64URL.string(made.thumbprint)
            return made
        }
        return try .generate(for: .es256)
    }

    private static func derived(_ purpose: String, from secret: [UInt8]) -> [UInt8] {
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), info: Array(purpose.utf8), outputByteCount: 32)
        return unsafe key.withUnsafeBytes { unsafe Array($0) }
    }
}
