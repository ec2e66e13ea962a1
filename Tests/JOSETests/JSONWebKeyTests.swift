import JOSE
import StrictJSON
import Testing

@Suite struct JSONWebKeyTests {
    static let point =
        #""x":"WKn-ZIGevcwGIyyrzFoZNBdaq9_TsqzGl96oc0CWuis","y":"y77t-RvAHRKTsSGdIYUfweuOvwrvDD-Q3Hv5J0fSKbE""#

    @Test func `computes the thumbprint of RFC 7638 section 3_1`() throws {
        let key = try JSONWebKey(
            parsing:
                #"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#
        )
        #expect(Base64URL.string(key.thumbprint) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    }

    @Test func `computes the thumbprint of RFC 8037 appendix A_3`() throws {
        let key = try JSONWebKey(
            parsing: #"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#)
        #expect(Base64URL.string(key.thumbprint) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func `survives writing and reading for every algorithm`(algorithm: SignatureAlgorithm) throws {
        let key = try Fixture.key(algorithm)
        let text = try key.json(includingPrivate: true).bytes()
        #expect(try JSONWebKey(parsing: text) == key)
        if !algorithm.isSymmetric {
            let published = try JSONWebKey(parsing: key.json().bytes())
            #expect(!published.material.isPrivate)
            #expect(published.thumbprint == key.thumbprint)
        }
    }

    @Test(
        arguments: [
            (#"{"kty":"EC","crv":"P-256",\#(point)}"#, nil),
            (#"{"crv":"P-256",\#(point)}"#, .malformed),
            (#"{"kty":"EC","kty":"EC","crv":"P-256",\#(point)}"#, .malformed),
            (#"{"kty":"EC","crv":"P-384",\#(point)}"#, .invalidKey),
            (#"{"kty":"EC","crv":"secp256k1",\#(point)}"#, .unsupported),
            (#"{"kty":"EC","crv":"P-256","alg":"ES384",\#(point)}"#, .invalidKey),
            (#"{"kty":"EC","crv":"P-256","alg":"ECDH-ES","use":"sig",\#(point)}"#, .invalidKey),
            (#"{"kty":"EC","crv":"P-256","use":"enc","alg":"ES256",\#(point)}"#, .invalidKey),
            (#"{"kty":"EC","crv":"P-256","use":"sig","key_ops":["encrypt"],\#(point)}"#, .invalidKey),
            (#"{"kty":"EC","crv":"P-256","key_ops":["verify","verify"],\#(point)}"#, .invalidKey),
            (#"{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#, .invalidKey),
            (#"{"kty":"oct","k":""}"#, .invalidKey),
            (#"{"kty":"oct","k":"AA=="}"#, .malformed),
            (#"{"kty":"oct","k":7}"#, .malformed),
            (#"{"kty":"oct"}"#, .malformed),
            (#"{"kty":"oct","k":"AAAA","alg":"HS256"}"#, .invalidKey),
            (#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA","alg":"A256KW"}"#, .invalidKey),
            (#"{"kty":"XYZ"}"#, .unsupported),
            (#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, .invalidKey),
            (#"{"kty":"OKP","crv":"Ed25519","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#, .invalidKey),
            (#"{"kty":"OKP","crv":"Ed448","x":"AA"}"#, .unsupported),
            (#"["kty"]"#, .malformed),
        ] as [(String, JOSEError.Code?)])
    func `accepts a key or names what is wrong with it`(text: String, code: JOSEError.Code?) {
        #expect(refusal { _ = try JSONWebKey(parsing: text) } == code)
    }

    @Test func `refuses a private scalar of another public point`() throws {
        let one = try #require(try JSONWebKey.generate(for: .es256).json(includingPrivate: true).object)
        var other = try #require(try JSONWebKey.generate(for: .es256).json(includingPrivate: true).object)
        other["d"] = one["d"]
        #expect(refusal { _ = try JSONWebKey(parsing: JSONValue.object(other).bytes()) } == .invalidKey)
    }

    @Test func `refuses rsa numbers that do not belong together`() throws {
        var members = try #require(try Fixture.key(.rs256).json(includingPrivate: true).object)
        members["p"] = members["q"]
        #expect(refusal { _ = try JSONWebKey(parsing: JSONValue.object(members).bytes()) } == .invalidKey)
        members["p"] = nil
        #expect(refusal { _ = try JSONWebKey(parsing: JSONValue.object(members).bytes()) } == .invalidKey)
    }

    @Test func `reads an rsa key without its primes`() throws {
        var members = try #require(try Fixture.key(.rs256).json(includingPrivate: true).object)
        for name in ["p", "q", "dp", "dq", "qi"] { members[name] = nil }
        let key = try JSONWebKey(parsing: JSONValue.object(members).bytes())
        let message = try JWSSigner(SigningKey(key)).sign(bytes("hello"))
        #expect(try JWSVerifier(Fixture.key(.rs256), allowing: [.rs256]).verify(message).payload == bytes("hello"))
    }

    @Test(arguments: ["AQ", "Ag", "Aw", "AAEAAQ", "AQABAQAB"])
    func `refuses rsa exponents that are small, even, padded or huge`(exponent: String) throws {
        var members = try #require(try Fixture.key(.rs256).json().object)
        members["e"] = .string(exponent)
        #expect(refusal { _ = try JSONWebKey(parsing: JSONValue.object(members).bytes()) } == .invalidKey)
    }

    @Test func `prints nothing secret`() throws {
        let key = try Fixture.secret(32)
        #expect(!"\(key.material)".contains("8"))
        var text = ""
        dump(key.material, to: &text)
        #expect(!text.contains("15"))
    }
}

@Suite struct JSONWebKeySetTests {
    @Test func `one unknown key does not lose the set`() throws {
        let good = try Fixture.key(.es256).json().serialized()
        let set = try JSONWebKeySet(parsing: #"{"keys":[{"kty":"NEW","kid":"a"},\#(good),{"kty":"EC","crv":"P-256"},7]}"#)
        #expect(set.keys.count == 1)
        #expect(set.skipped.map(\.index) == [0, 2, 3])
        #expect(set.skipped.first?.keyID == "a")
    }

    @Test func `keys that share a kid are left out, others stay`() throws {
        var keys = [try Fixture.key(.es256), try Fixture.key(.es256), try Fixture.key(.edDSA)]
        keys[0].keyID = "same"
        keys[1].keyID = "same"
        let set = try JSONWebKeySet(keys)
        #expect(set.keys.count == 1)
        #expect(set.skipped.map(\.index) == [0, 1])
    }

    @Test func `a set that mixes secrets or private keys with public ones is refused`() throws {
        let secret = try Fixture.secret(32)
        let pair = try Fixture.key(.es256)
        let published = try Fixture.key(.es256).publicKey()
        #expect(refusal { _ = try JSONWebKeySet([secret, published]) } == .invalidKey)
        #expect(refusal { _ = try JSONWebKeySet([pair, published]) } == .invalidKey)
        #expect(refusal { _ = try JSONWebKeySet([secret]).json() } == .invalidKey)
    }

    @Test(arguments: ["{}", #"{"keys":{}}"#, "[]", #"{"keys":[],"keys":[]}"#])
    func `what is no set is malformed`(text: String) {
        #expect(refusal { _ = try JSONWebKeySet(parsing: text) } == .malformed)
    }
}
