import ConformanceSupport
import JOSE
import StrictJSON
import Testing

let vectors = ConformanceSuite("jose-vectors")

@Suite(.enabled(if: vectors.isPresent)) struct WycheproofTests {
    /// Vectors that no strict reader can satisfy, and why.
    static let contradictory: [String: String] = [
        "json_web_signature_test.json/347": "the key's `alg` is `ES521`, which does not exist",
        "json_web_signature_test.json/351": "the key's `alg` is `ES521`, which does not exist",
        "json_web_signature_test.json/367": "marked invalid, but byte for byte the valid vector 357",
        "json_web_signature_test.json/373": "marked valid, but the payload holds `?`, which RFC 7515 section 5.2 forbids",
        "json_web_encryption_test.json/101": "RSA1_5 is refused", "json_web_encryption_test.json/103": "RSA1_5 is refused",
        "json_web_encryption_test.json/105": "RSA1_5 is refused",
        "json_web_encryption_test.json/135": "compressed content is refused",
    ]

    @Test(arguments: ["json_web_signature_test.json", "json_web_key_test.json", "json_web_crypto_test.json", "json_web_encryption_test.json"])
    func `valid vectors verify and invalid ones are refused`(file: String) throws {
        let root = try JSONValue(parsing: [UInt8](vectors.data(file)))
        var passed = 0
        var failed: [String] = []
        var named = 0
        for group in root["testGroups"]?.array ?? [] {
            for test in group["tests"]?.array ?? [] {
                let name = "\(file)/\(test["tcId"]?.int64 ?? 0)"
                let isAccepted = Self.accepts(group, test)
                if isAccepted == (test["result"]?.string == "valid") {
                    passed += 1
                } else if Self.contradictory[name] != nil {
                    named += 1
                } else {
                    failed.append("\(name) \(test["comment"]?.string ?? "")")
                }
            }
        }
        vectors.report(passed: passed, failed: failed, skipped: named)
        #expect(failed.isEmpty)
        #expect(passed > 10)
    }

    static func accepts(_ group: JSONValue, _ test: JSONValue) -> Bool {
        if test["jwe"] != nil {
            guard let message = test["jwe"]?.string, let key = group["private"] else { return false }
            let decrypter = key["keys"] == nil ? try? JWEDecrypter(JSONWebKey(parsing: key.bytes())) : try? JWEDecrypter(JSONWebKeySet(parsing: key.bytes()))
            guard let plaintext = try? decrypter?.decrypt(message).plaintext else { return false }
            return test["pt"].map { $0.string == plaintext.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() } ?? true
        }
        guard let message = test["jws"]?.string, let key = group["public"] ?? group["private"] else { return false }
        let verifier =
            key["keys"] == nil
            ? try? JWSVerifier(JSONWebKey(parsing: key.bytes()), allowing: .all)
            : try? JWSVerifier(JSONWebKeySet(parsing: key.bytes()), allowing: .all)
        return (try? verifier?.verify(message)) != nil
    }
}
