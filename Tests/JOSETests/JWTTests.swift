import JOSE
import StrictJSON
import Testing

@Suite struct JWTTests {
    static let now = NumericDate(seconds: 1_800_000_000)
    static let good: JSONObject = [
        "iss": "https://issuer.example", "sub": "alice", "aud": ["api", "other"], "exp": 1_800_000_300, "nbf": 1_799_999_990,
        "iat": 1_800_000_000, "jti": "1",
    ]
    static var policy: JWTPolicy { JWTPolicy(issuer: "https://issuer.example", audiences: ["api"], types: ["at+jwt"]) }

    func check(_ claims: JSONObject, type: String? = "at+jwt", _ policy: JWTPolicy = policy) -> JOSEError.Code? {
        refusal { try policy.check(type: type, claims: JWTClaims(parsing: JSONValue.object(claims).bytes()), at: Self.now) }
    }

    @Test func `a signed token is verified with its claims`() throws {
        let key = try Fixture.key(.edDSA)
        let token = try JWTSigner(SigningKey(key), type: "at+jwt").sign(Self.good)
        let verified = try JWTVerifier(key.publicKey(), allowing: .asymmetric, policy: Self.policy).verify(token, at: Self.now)
        #expect(verified.claims.subject == "alice")
        #expect(verified.claims.audiences == ["api", "other"])
        #expect(verified.claims["jti"]?.string == "1")
    }

    @Test(
        arguments: [
            ("iss", "https://issuer.example/", .issuerMismatch), ("iss", nil, .issuerMismatch), ("iss", 7, .malformed),
            ("aud", "else", .audienceMismatch), ("aud", nil, .audienceMismatch), ("aud", [], .audienceMismatch), ("aud", ["api", 1], .malformed),
            ("aud", "api", nil), ("exp", nil, .claimMissing), ("exp", 1_799_999_940, .expired), ("exp", 1_799_999_941, nil),
            ("exp", "1800000300", .malformed), ("exp", -1, .malformed), ("exp", 1_800_000_000.5, nil), ("nbf", 1_800_000_061, .notYetValid),
            ("nbf", 1_800_000_060, nil), ("iat", 1_800_000_061, .notYetValid), ("iat", nil, nil),
        ] as [(String, JSONValue?, JOSEError.Code?)])
    func `each claim is checked on its own`(name: String, value: JSONValue?, code: JOSEError.Code?) {
        var claims = Self.good
        claims[name] = value
        #expect(check(claims) == code)
    }

    @Test(
        arguments: [
            ("at+jwt", nil), ("AT+JWT", nil), ("application/at+jwt", nil), ("JWT", .typeMismatch), (nil, .typeMismatch),
            ("application/x/at+jwt", .typeMismatch), ("", .typeMismatch),
        ] as [(String?, JOSEError.Code?)])
    func `the type must be the awaited one`(type: String?, code: JOSEError.Code?) {
        #expect(check(Self.good, type: type) == code)
    }

    @Test func `lifetime, age, subject and further claims are checked where asked for`() {
        var policy = Self.policy
        policy.maximumLifetime = .seconds(300)
        #expect(check(Self.good, policy) == nil)
        policy.maximumLifetime = .seconds(299)
        #expect(check(Self.good, policy) == .lifetimeExceeded)
        policy = Self.policy
        policy.maximumAge = .seconds(10)
        var old = Self.good
        old["iat"] = 1_799_999_900
        #expect(check(old, policy) == .lifetimeExceeded)
        old["iat"] = nil
        #expect(check(old, policy) == .claimMissing)
        policy = Self.policy
        policy.subject = "bob"
        #expect(check(Self.good, policy) == .subjectMismatch)
        policy.subject = "alice"
        policy.requiredClaims = ["client_id"]
        #expect(check(Self.good, policy) == .claimMissing)
    }

    func check(_ claims: JSONObject, _ policy: JWTPolicy) -> JOSEError.Code? { check(claims, type: "at+jwt", policy) }

    @Test func `equal looking issuers are not equal`() {
        var policy = Self.policy
        policy.issuer = "https://caf\u{E9}.example"
        var claims = Self.good
        claims["iss"] = "https://cafe\u{301}.example"
        #expect(check(claims, policy) == .issuerMismatch)
    }

    @Test(arguments: [#"{"sub":"a","sub":"b"}"#, "[]", "7", #"{"exp":1e400}"#, "\u{FEFF}{}"])
    func `claims that two readers could read differently are refused`(text: String) {
        #expect(refusal { _ = try JWTClaims(parsing: bytes(text)) } == .malformed)
    }

    @Test func `a nested token is opened and verified`() throws {
        let key = try Fixture.key(.es256)
        let token = try JWTSigner(SigningKey(key), type: "at+jwt").sign(Self.good)
        let secret = try Fixture.secret(32)
        let outer = try JWEEncrypter(secret, algorithm: .direct).encrypt(bytes(token), members: ["cty": "JWT"])
        let verifier = try JWTVerifier(key.publicKey(), allowing: [.es256], policy: Self.policy)
        #expect(try verifier.verify(outer, decryptedBy: JWEDecrypter(secret), at: Self.now).claims.subject == "alice")
        let untyped = try JWEEncrypter(secret, algorithm: .direct).encrypt(bytes(token))
        #expect(refusal { _ = try verifier.verify(untyped, decryptedBy: JWEDecrypter(secret), at: Self.now) } == .typeMismatch)
    }
}
