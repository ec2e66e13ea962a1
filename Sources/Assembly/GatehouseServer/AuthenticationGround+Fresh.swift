internal import GatehouseAuthentication
internal import GatehouseCore
internal import JOSE

extension AuthenticationGround {
    /// A ground with keys of its own making, which last as long as the process.
    ///
    /// - Throws: ``JOSEError`` where the library makes no keys.
    static func fresh(clock: any HouseClock, events: any EventSink) throws -> AuthenticationGround {
        var random = SystemRandomNumberGenerator()
        let secret = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        return AuthenticationGround(
            signer: try IdentitySigner(JSONWebKey.generate(for: .es256)), nonceSecret: secret, clock: clock, events: events)
    }
}
