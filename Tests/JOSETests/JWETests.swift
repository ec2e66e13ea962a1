import JOSE
import StrictJSON
import Testing

@Suite struct JWETests {
    static func key(_ algorithm: KeyManagementAlgorithm, _ encryption: ContentEncryption) throws -> JSONWebKey {
        switch algorithm {
        case .direct: try Fixture.secret(encryption.keyBytes)
        case .a128KW, .a128GCMKW: try Fixture.secret(16, keyID: "w", use: "enc", algorithm: algorithm.rawValue)
        case .a192KW, .a192GCMKW: try Fixture.secret(24)
        case .a256KW, .a256GCMKW: try Fixture.secret(32)
        case .rsaOAEP, .rsaOAEP256: try JSONWebKey(#require(Fixture.rsa).material)
        case .ecdhES, .ecdhESA128KW, .ecdhESA192KW, .ecdhESA256KW: try JSONWebKey(#require(Fixture.ec).material)
        default: try Fixture.secret(20)
        }
    }

    @Test(arguments: KeyManagementAlgorithm.allCases, ContentEncryption.allCases)
    func `what is encrypted for a key it opens`(algorithm: KeyManagementAlgorithm, encryption: ContentEncryption) throws {
        let key = try Self.key(algorithm, encryption)
        var encrypter = try JWEEncrypter(key, algorithm: algorithm, encryption: encryption)
        encrypter.iterations = 1000
        let message = try encrypter.encrypt(bytes("secret"))
        var options = JWEDecrypter.Options()
        options.algorithms = [algorithm]
        let decrypter = try JWEDecrypter(key, options: options)
        #expect(try decrypter.decrypt(message).plaintext == bytes("secret"))
        for part in 0..<5 {
            var parts = message.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Array.init)
            guard let middle = parts[part].indices.dropFirst(parts[part].count / 2).first else { continue }
            parts[part][middle] = parts[part][middle] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(throws: JOSEError.self) { try decrypter.decrypt(Array(parts.joined(separator: [UInt8(ascii: ".")]))) }
        }
    }

    @Test(arguments: [KeyManagementAlgorithm.ecdhES, .ecdhESA256KW], ["P-384", "P-521", "X25519"])
    func `agreement works on every curve`(algorithm: KeyManagementAlgorithm, curve: String) throws {
        let key =
            switch curve {
            case "P-384": try JSONWebKey(Fixture.key(.es384).material)
            case "P-521": try JSONWebKey(Fixture.key(.es512).material)
            default:
                try JSONWebKey(
                    parsing: #"{"kty":"OKP","crv":"X25519","x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo","d":"dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo"}"#)
            }
        let message = try JWEEncrypter(key.publicKey(), algorithm: algorithm).encrypt(bytes("secret"))
        #expect(try JWEDecrypter(key).decrypt(message).plaintext == bytes("secret"))
    }

    /// A direct message with a header of the test's own.
    func message(_ header: String, _ secret: JSONWebKey) throws -> String {
        let whole = try JWEEncrypter(secret, algorithm: .direct).encrypt(bytes("x"))
        let tail = String(decoding: whole, as: UTF8.self).drop { $0 != "." }
        return Base64URL.string(bytes(header)) + tail
    }

    @Test(
        arguments: [
            (#"{"alg":"RSA1_5","enc":"A256GCM"}"#, .algorithmNotAllowed), (#"{"alg":"dir","enc":"A512GCM"}"#, .algorithmNotAllowed),
            (#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#, .unsupported), (#"{"alg":"dir","enc":"A256GCM","crit":["x"],"x":1}"#, .unknownCriticalHeader),
            (#"{"alg":"dir","alg":"dir","enc":"A256GCM"}"#, .malformed), (#"{"alg":"dir"}"#, .malformed), (#"{"enc":"A256GCM"}"#, .malformed),
            (#"{"alg":"A256KW","enc":"A256GCM"}"#, .decryptionFailed), (#"{"alg":"dir","enc":"A256GCM"}"#, .decryptionFailed),
            (#"{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2c":1000,"p2s":"AAAAAAAAAAAAAAAA"}"#, .noMatchingKey),
            (#"{"alg":"dir","enc":"A256GCM","epk":{"kty":"oct","k":"AA"}}"#, .invalidKey),
            (#"{"alg":"dir","enc":"A256GCM","kid":"other"}"#, .noMatchingKey),
        ] as [(String, JOSEError.Code)])
    func `a message is judged by its header`(header: String, code: JOSEError.Code) throws {
        let secret = try Fixture.secret(32, keyID: "mine")
        #expect(refusal { _ = try JWEDecrypter(secret).decrypt(message(header, secret)) } == code)
    }

    @Test func `too many iterations are refused before any is computed`() throws {
        let password = try Fixture.secret(20)
        var options = JWEDecrypter.Options()
        options.algorithms = [.pbes2HS256A128KW]
        let header = #"{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2c":2147483647,"p2s":"AAAAAAAAAAAAAAAA"}"#
        let text = Base64URL.string(bytes(header)) + ".AAAA.AAAA.AAAA.AAAA"
        #expect(refusal { _ = try JWEDecrypter(password, options: options).decrypt(text) } == .limitExceeded)
        #expect(refusal { _ = try JWEDecrypter(JSONWebKey(password.material, algorithm: "PBES2-HS256+A128KW")) } == .algorithmNotAllowed)
    }

    @Test func `a point off its curve is no ephemeral key`() throws {
        let key = try JSONWebKey(#require(Fixture.ec).material)
        let header =
            #"{"alg":"ECDH-ES","enc":"A128GCM","epk":{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}}"#
        #expect(refusal { _ = try JWEDecrypter(key).decrypt(Base64URL.string(bytes(header)) + "..AAAA.AAAA.AAAA") } == .invalidKey)
    }

    @Test func `a key bound to one algorithm opens nothing else`() throws {
        let bound = try Fixture.secret(32, use: "enc", algorithm: "A256KW")
        let other = try JWEEncrypter(Fixture.secret(32), algorithm: .a256GCMKW).encrypt(bytes("x"))
        #expect(refusal { _ = try JWEDecrypter(bound).decrypt(other) } == .noMatchingKey)
        #expect(refusal { _ = try JWEEncrypter(bound, algorithm: .a256GCMKW) } == .algorithmNotAllowed)
        #expect(refusal { _ = try JWEEncrypter(Fixture.secret(32, use: "sig"), algorithm: .a256KW) } == .invalidKey)
        #expect(refusal { _ = try JWEDecrypter(Fixture.key(.es256)) } == .invalidKey)
    }

    @Test func `a seeded generator makes the same message twice`() throws {
        let key = try JSONWebKey(#require(Fixture.ec).material)
        let encrypter = try JWEEncrypter(key, algorithm: .ecdhESA128KW)
        var one = SeededGenerator(3)
        var two = SeededGenerator(3)
        #expect(try encrypter.encrypt(bytes("x"), using: &one) == encrypter.encrypt(bytes("x"), using: &two))
    }
}
