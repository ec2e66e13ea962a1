public import JOSE
import StrictJSON

/// How many tokens a second one core signs and verifies here, the claims' checks included.
public struct JOSESpeed: Sendable {
    /// What was measured for one algorithm.
    public struct Row: Sendable {
        /// The algorithm.
        public let algorithm: SignatureAlgorithm
        /// Tokens signed a second.
        public let signed: Double
        /// Tokens verified a second, `typ`, `iss`, `aud` and times checked.
        public let verified: Double
    }

    private static let now = NumericDate(seconds: 1_800_000_000)
    private static let claims: JSONObject = [
        "iss": "https://issuer.example", "sub": "248289761001", "aud": "https://api.example", "exp": 1_800_000_300, "iat": 1_800_000_000,
        "jti": "dbb1f5f2a2f74b0c", "scope": "read write", "client_id": "s6BhdRkqt3",
    ]

    /// Measures every algorithm but the longer variants and prints a line for each.
    public static func printTable(seconds: Double) throws {
        for algorithm in [SignatureAlgorithm.hs256, .es256, .es384, .edDSA, .rs256, .ps256, .mlDSA65] {
            let row = try measure(algorithm, for: .milliseconds(Int(seconds * 1000)))
            print(algorithm.rawValue, Int(row.signed), Int(row.verified))
        }
    }

    /// Measures one algorithm for about so long.
    ///
    /// - Throws: what the engine throws, which a correct build never does.
    public static func measure(_ algorithm: SignatureAlgorithm, for duration: Duration) throws -> Row {
        let key = try JSONWebKey.generate(for: algorithm)
        let signer = JWTSigner(try SigningKey(key), type: "at+jwt")
        let policy = JWTPolicy(issuer: "https://issuer.example", audiences: ["https://api.example"], types: ["at+jwt"])
        let verifier = try JWTVerifier(algorithm.isSymmetric ? key : key.publicKey(), allowing: [algorithm], policy: policy)
        let token = Array(try signer.sign(claims).utf8)
        let signed = try rate(duration / 2) { _ = try signer.sign(claims) }
        let verified = try rate(duration / 2) { _ = try verifier.verify(token, at: now) }
        return Row(algorithm: algorithm, signed: signed, verified: verified)
    }

    private static func rate(_ duration: Duration, _ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        var count = 0
        while clock.now - start < duration {
            for _ in 0..<8 { try body() }
            count += 8
        }
        let elapsed = (clock.now - start).components
        return Double(count) / (Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18)
    }
}
