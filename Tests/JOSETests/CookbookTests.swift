import ConformanceSupport
import Foundation
import JOSE
import StrictJSON
import Testing

/// The examples of RFC 7520, 7797 and 8037.
@Suite(.enabled(if: vectors.isPresent)) struct CookbookTests {
    static func files(_ folder: String) -> [String] {
        let path = vectors.folder.appendingPathComponent("rfc7520-cookbook/" + folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { "rfc7520-cookbook/\(folder)/\($0)" }
    }

    static let signatures = files("jws") + files("rfc7797") + ["rfc7520-cookbook/curve25519/jws.json"]
    static let encryptions = files("jwe") + ["rfc7520-cookbook/curve25519/ecdh-es.json"]

    /// Refused on purpose.
    static let refused = [
        "4_7.protecting_content_only": "an unprotected `alg`", "5_1.key_encryption": "RSA1_5", "5_9.compressed": "`zip`",
        "5_12.protecting_content_only": "an unprotected `enc`", "rfc7797/4.2": "`b64` without its `crit`",
    ]

    static func isRefused(_ file: String) -> Bool { refused.keys.contains { file.contains($0) } }

    @Test(arguments: signatures) func `signatures verify in each form`(file: String) throws {
        let root = try JSONValue(parsing: [UInt8](vectors.data(file)))
        let key = try #require(root["input"]?["key"])
        let keys = key.array ?? [key]
        var options = JWSVerifier.Options()
        options.allowsUnencodedPayload = true
        let verifiers = try keys.map { try JWSVerifier(JSONWebKey(parsing: $0.bytes()), allowing: .all, options: options) }
        let payload = bytes(try #require(root["input"]?["payload"]?.string))
        for (form, value) in try #require(root["output"]?.object).members {
            let detached = form != "compact" && value["payload"] == nil || value.string?.contains("..") == true ? payload : nil
            let results = verifiers.map { verifier in
                form == "compact"
                    ? try? verifier.verify(value.string ?? "", detachedPayload: detached).payload
                    : try? verifier.verify(json: value.bytes(), detachedPayload: detached, requiring: .any).payload
            }
            // One of the three signatures of 4.8 has its `alg` outside of the protected header.
            let expected = file.contains("4_8") ? [payload, nil, payload] : Self.isRefused(file) ? [nil] : [payload]
            #expect(results == expected, "\(file) \(form)")
        }
    }

    @Test(arguments: encryptions) func `messages open in each form`(file: String) throws {
        let root = try JSONValue(parsing: [UInt8](vectors.data(file)))
        let input = try #require(root["input"])
        let password = try input["pwd"]?.string.map { try JSONWebKey(.symmetric(bytes($0)), algorithm: "PBES2-HS512+A256KW") }
        let keys = try input["key"].map { try ($0.array ?? [$0]).map { try JSONWebKey(parsing: $0.bytes()) } } ?? [#require(password)]
        var options = JWEDecrypter.Options()
        options.algorithms = Set(KeyManagementAlgorithm.allCases)
        let decrypters = keys.map { try? JWEDecrypter($0, options: options) }
        let plaintext = bytes(try #require(input["plaintext"]?.string))
        for (form, value) in try #require(root["output"]?.object).members {
            let results = decrypters.map { decrypter in
                form == "compact"
                    ? try? decrypter?.decrypt(value.string ?? "").plaintext : try? decrypter?.decrypt(json: value.bytes()).plaintext
            }
            // The first of the three recipients of 5.13 is RSA1_5.
            let expected = file.contains("5_13") ? [nil, plaintext, plaintext] : Self.isRefused(file) ? [nil] : [plaintext]
            #expect(results == expected, "\(file) \(form)")
        }
    }

    @Test(arguments: ["2", "4"]) func `keys of section 3 read, and private ones write as they were`(number: String) throws {
        for file in Self.files("jwk") where file.contains("3_\(number)") {
            let value = try JSONValue(parsing: [UInt8](vectors.data(file)))
            #expect(try JSONWebKey(parsing: value.bytes()).json(includingPrivate: true) == value)
        }
    }

    @Test func `the nested token of section 6 opens and verifies`() throws {
        let root = try JSONValue(parsing: [UInt8](vectors.data("rfc7520-cookbook/6.nesting_signatures_and_encryption.json")))
        let outer = try #require(root["encrypt"]?["output"]?["compact"]?.string)
        let recipient = try JSONWebKey(parsing: #require(root["encrypt"]?["input"]?["key"]).bytes())
        let signer = try JSONWebKey(parsing: #require(root["sign"]?["input"]?["key"]).bytes())
        var policy = JWTPolicy(issuer: "hobbiton.example", audiences: [], types: ["JWT"])
        policy.skew = .zero
        let verifier = try JWTVerifier(signer, allowing: [.ps256], policy: policy)
        let moment = NumericDate(seconds: 1_300_819_379)
        #expect(try verifier.verify(bytes(outer), decryptedBy: JWEDecrypter(recipient), at: moment).claims.issuer == "hobbiton.example")
        #expect(throws: JOSEError.self) {
            try verifier.verify(bytes(outer), decryptedBy: JWEDecrypter(recipient), at: NumericDate(seconds: 1_300_819_380))
        }
    }
}
