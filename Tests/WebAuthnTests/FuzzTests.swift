import Testing
import WebAuthn

/// A splitmix64 generator: the same inputs in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite struct FuzzTests {
    @Test func `no bytes stop the program`() throws {
        let authenticator = SoftwareAuthenticator()
        let suite = try AttestationTests()
        let seeds = [
            try authenticator.register().attestationObject, authenticator.data(isRegistration: true), authenticator.clientData("webauthn.get"),
            try suite.tpm().attestationObject, try suite.android([0xA1, 5, 0x31, 3, 2, 1, 2], []).attestationObject,
            try suite.packed(TestAuthority.attestationName).attestationObject, hex("a20103026161"), CBORWriter.encode(authenticator.credentialKey),
            hex("302e0201030a01010201040a0101040104040030003000"),
        ]
        var random = SeededGenerator(7)
        for round in 0..<4000 {
            var input = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 0..<4, using: &random) where !input.isEmpty {
                let at = Int.random(in: 0..<input.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: input[at] = UInt8.random(in: 0...255, using: &random)
                case 1: input.remove(at: at)
                case 2: input.insert(contentsOf: input[at...].prefix(8), at: at)
                default: input.removeLast(input.count - at)
                }
            }
            fuzzCBOR(input)
            fuzzWebAuthn(input)
        }
    }
}
