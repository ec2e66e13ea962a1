import JOSE
import StrictJSON
import Testing

@Suite struct JWSTests {
    @Test(arguments: SignatureAlgorithm.allCases)
    func `what a key signs its public half verifies`(algorithm: SignatureAlgorithm) throws {
        let key = try Fixture.key(algorithm)
        let message = try JWSSigner(SigningKey(key)).sign(bytes("payload"), header: .init(type: "x"))
        let verifyingKey = algorithm.isSymmetric ? key : try key.publicKey()
        let verified = try JWSVerifier(verifyingKey, allowing: [algorithm]).verify(message)
        #expect(verified.payload == bytes("payload"))
        #expect(verified.header.type == "x")
        #expect(verified.header.keyID == key.keyID)
        for index in [0, message.count / 2, message.count - 3] {
            var changed = message
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(throws: JOSEError.self) { try JWSVerifier(verifyingKey, allowing: [algorithm]).verify(changed) }
        }
    }

    @Test func `an altered last character is another text, and refused`() throws {
        let key = try Fixture.key(.es256)
        let message = try JWSSigner(SigningKey(key)).string(bytes("p"))
        let last = try #require(message.last)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let index = try #require(alphabet.firstIndex(of: last))
        let twin = message.dropLast() + String(alphabet[index ^ 1])
        #expect(refusal { _ = try JWSVerifier(key, allowing: .all).verify(String(twin)) } == .malformed)
        #expect(refusal { _ = try JWSVerifier(key, allowing: .all).verify(message + "==") } == .malformed)
    }

    @Test(
        arguments: [
            (#"{"alg":"none"}"#, .algorithmNotAllowed), (#"{"alg":"NONE"}"#, .algorithmNotAllowed), (#"{}"#, .malformed),
            (#"{"alg":"HS256","alg":"HS256"}"#, .malformed), (#"{"alg":["HS256"]}"#, .malformed), (#"[]"#, .malformed),
            (#"{"alg":"HS256","crit":["exp"],"exp":1}"#, .unknownCriticalHeader), (#"{"alg":"HS256","crit":[]}"#, .malformed),
            (#"{"alg":"HS256","crit":["b64"],"b64":false}"#, .unknownCriticalHeader),
            (#"{"alg":"HS256","b64":false}"#, .unknownCriticalHeader),
            (#"{"alg":"HS256","crit":"b64"}"#, .malformed), (#"{"alg":"HS256","kid":7}"#, .malformed),
            (#"{"alg":"HS512"}"#, .algorithmNotAllowed), (#"{"alg":"ES256"}"#, .algorithmNotAllowed),
            (#"{"alg":"HS256","kid":"other"}"#, .noMatchingKey), (#"{"alg":"HS256","kid":"k"}"#, nil),
            (#"{"alg":"HS256","jku":"https://evil.example","x5c":["AA=="],"jwk":{"kty":"oct","k":"AA"}}"#, nil),
        ] as [(String, JOSEError.Code?)])
    func `a correctly signed message is judged by its header`(header: String, code: JOSEError.Code?) throws {
        let key = try Fixture.secret(64, keyID: "k", algorithm: "HS256")
        let message = try forged(header, "{}", by: key)
        #expect(refusal { _ = try JWSVerifier(key, allowing: .all).verify(message) } == code)
    }

    @Test func `a public key's text is no secret for HMAC`() throws {
        let key = try Fixture.key(.rs256)
        let confused = try JSONWebKey(.symmetric(key.json().bytes()))
        let message = try forged(#"{"alg":"HS256"}"#, "{}", by: JSONWebKey(confused.material, algorithm: "HS256"))
        #expect(refusal { _ = try JWSVerifier(key.publicKey(), allowing: .all).verify(message) } == .algorithmNotAllowed)
    }

    @Test func `a junk token does not pin the algorithm of a key without alg`() throws {
        let numbers = try #require(Fixture.rsa).material
        let open = try JSONWebKey(try #require(numbers.publicHalf))
        let verifier = try JWSVerifier(open, allowing: .asymmetric)
        #expect(throws: JOSEError.self) { try verifier.verify("eyJhbGciOiJQUzUxMiJ9.e30.AAAA") }
        let message = try JWSSigner(SigningKey(JSONWebKey(numbers), algorithm: .rs256)).sign(bytes("{}"))
        #expect(try verifier.verify(message).header.algorithm == .rs256)
        #expect(refusal { _ = try JWSVerifier(open, allowing: [.ps256]).verify(message) } == .algorithmNotAllowed)
    }

    @Test func `an unknown kid falls back to no key`() throws {
        let set = try JSONWebKeySet([try Fixture.key(.es256)])
        var stranger = try Fixture.key(.es256)
        stranger.keyID = "stranger"
        let message = try JWSSigner(SigningKey(stranger)).sign(bytes("{}"))
        #expect(refusal { _ = try JWSVerifier(set, allowing: .all).verify(message) } == .noMatchingKey)
    }

    @Test func `without kid exactly one key of the set must fit`() throws {
        let one = try Fixture.key(.es256)
        let message = try forged(#"{"alg":"ES256"}"#, "{}", by: one)
        #expect(try JWSVerifier(JSONWebKeySet([one, Fixture.key(.edDSA)]), allowing: .all).verify(message).payload == bytes("{}"))
        let two = try JSONWebKeySet([one, Fixture.key(.es256)])
        #expect(refusal { _ = try JWSVerifier(two, allowing: .all).verify(message) } == .algorithmNotAllowed)
    }

    @Test func `a key for encryption verifies nothing`() throws {
        let material = try Fixture.key(.es256).material
        #expect(refusal { _ = try JWSVerifier(JSONWebKey(material, use: "enc"), allowing: .all) } == .invalidKey)
        #expect(refusal { _ = try JWSVerifier(JSONWebKey(material, operations: ["deriveKey"]), allowing: .all) } == .invalidKey)
        #expect(refusal { _ = try SigningKey(JSONWebKey(#require(material.publicHalf))) } == .invalidKey)
    }

    @Test(arguments: ["", ".", "..", "...", "a.b", "eyJhbGciOiJIUzI1NiJ9..", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA.", "eyJhbGciOiJIUzI1NiJ9 .e30.AAAA"])
    func `what is no compact message is refused`(text: String) throws {
        #expect(throws: JOSEError.self) { try JWSVerifier(Fixture.secret(64), allowing: .all).verify(text) }
    }

    @Test func `a message over the limit is refused before it is read`() throws {
        var options = JWSVerifier.Options()
        options.limit = 100
        let verifier = try JWSVerifier(Fixture.secret(64), allowing: .all, options: options)
        #expect(refusal { _ = try verifier.verify(String(repeating: "A", count: 101)) } == .limitExceeded)
    }

    @Test func `detached and unencoded payloads verify where they are enabled`() throws {
        let key = try Fixture.secret(64, algorithm: "HS256")
        let signer = JWSSigner(try SigningKey(key))
        let detached = try signer.sign(bytes("$.02"), as: .detached)
        #expect(try JWSVerifier(key, allowing: .all).verify(detached, detachedPayload: bytes("$.02")).payload == bytes("$.02"))
        #expect(refusal { _ = try JWSVerifier(key, allowing: .all).verify(detached, detachedPayload: bytes("$.03")) } == .signatureInvalid)
        let unencoded = try signer.sign(bytes("$.02"), as: .unencodedDetached)
        #expect(refusal { _ = try JWSVerifier(key, allowing: .all).verify(unencoded, detachedPayload: bytes("$.02")) } == .unknownCriticalHeader)
        var options = JWSVerifier.Options()
        options.allowsUnencodedPayload = true
        let verifier = try JWSVerifier(key, allowing: .all, options: options)
        #expect(try verifier.verify(unencoded, detachedPayload: bytes("$.02")).header.isPayloadEncoded == false)
    }

    @Test func `the general JSON form verifies all or any of its signatures`() throws {
        let one = try Fixture.key(.es256)
        let two = try Fixture.key(.edDSA)
        let message = try JWSSigner.json(bytes("p"), by: [(.init(SigningKey(one)), .init()), (.init(SigningKey(two)), .init())]).bytes()
        let both = try JWSVerifier(JSONWebKeySet([one, two]), allowing: .all)
        #expect(try both.verify(json: message).headers.count == 2)
        let single = try JWSVerifier(JSONWebKeySet([two]), allowing: .all)
        #expect(throws: JOSEError.self) { try single.verify(json: message) }
        #expect(try single.verify(json: message, requiring: .any).failures.count == 1)
        let flat = try JWSSigner.json(bytes("p"), by: [(.init(SigningKey(two)), .init())]).bytes()
        #expect(try single.verify(json: flat).payload == bytes("p"))
    }

    @Test func `the JSON form refuses an unprotected alg and a member of both headers`() throws {
        let key = try Fixture.secret(64, algorithm: "HS256")
        var message = try #require(try JWSSigner.json(bytes("p"), by: [(.init(SigningKey(key)), .init())]).object)
        let verifier = try JWSVerifier(key, allowing: .all)
        message["header"] = ["x": 1]
        #expect(try verifier.verify(json: JSONValue.object(message).bytes()).payload == bytes("p"))
        message["header"] = ["alg": "HS256"]
        #expect(refusal { _ = try verifier.verify(json: JSONValue.object(message).bytes()) } == .malformed)
        message["header"] = ["crit": ["x"], "x": 1]
        #expect(refusal { _ = try verifier.verify(json: JSONValue.object(message).bytes()) } == .malformed)
    }
}
