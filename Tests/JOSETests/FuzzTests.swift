import JOSE
import Testing

@Suite struct FuzzTests {
    static let seeds = [
        #"{"kty":"EC","crv":"P-256","x":"WKn-ZIGevcwGIyyrzFoZNBdaq9_TsqzGl96oc0CWuis","y":"y77t-RvAHRKTsSGdIYUfweuOvwrvDD-Q3Hv5J0fSKbE","use":"sig","alg":"ES256"}"#,
        #"{"keys":[{"kty":"oct","k":"AAAA"},{"kty":"OKP","crv":"X25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}]}"#,
        #"{"alg":"HS256","crit":["b64"],"b64":false,"kid":"a","typ":"at+jwt"}"#,
        #"{"iss":"i","aud":["a","b"],"exp":1.5e9,"nbf":0,"iat":1,"sub":"s"}"#,
        "eyJhbGciOiJIUzI1NiJ9.e30.7w8Tg4XHcbMEFKWQJ0QmTmbEjRLcEbiyVZZgTJrHgrY",
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA",
        #"{"payload":"e30","signatures":[{"protected":"eyJhbGciOiJIUzI1NiJ9","header":{"kid":"a"},"signature":"AAAA"}]}"#,
        #"{"protected":"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0","iv":"AAAA","ciphertext":"AAAA","tag":"AAAA","aad":"AAAA"}"#,
    ]

    @Test func `no bytes stop the program`() {
        var random = SeededGenerator(42)
        for round in 0..<4000 {
            var input = bytes(Self.seeds[round % Self.seeds.count])
            for _ in 0..<Int.random(in: 0..<4, using: &random) where !input.isEmpty {
                let at = Int.random(in: 0..<input.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: input[at] = UInt8.random(in: 0...255, using: &random)
                case 1: input.remove(at: at)
                case 2: input.insert(contentsOf: input[at...].prefix(8), at: at)
                default: input.removeLast(input.count - at)
                }
            }
            fuzzJWT(input)
            fuzzJWK(input)
            fuzzJWE(input)
        }
    }
}
