import Crypto
import Envelope
import Testing

@Suite struct DerivationTests {
    @Test func `what is derived is what the library's HKDF derives, at every length`() {
        var generator = SystemRandomNumberGenerator()
        func random(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } }
        for count in [1, 31, 32, 33, 64, 76, 96, 255, 8_160] {
            for saltCount in [0, 24, 64, 65, 200] {
                let (secret, salt, info) = (random(32), random(saltCount), random(count % 50))
                let expected = HKDF<SHA256>.deriveKey(
                    inputKeyMaterial: SymmetricKey(data: secret), salt: salt, info: info, outputByteCount: count)
                let bytes = unsafe expected.withUnsafeBytes { unsafe Array($0) }
                #expect(Derivation.bytes(from: secret, salt: salt, info: info, count: count) == bytes)
            }
        }
    }

    @Test(arguments: [0, 1, 32, 63, 64, 65, 300]) func `a code is the library's HMAC, for keys of any length`(count: Int) {
        let key = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for length in [0, 1, 55, 56, 64, 1_000] {
            let message = [UInt8](repeating: 9, count: length)
            let expected = Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
            #expect(CodeKey(key).code(of: message) == expected)
        }
    }
}
