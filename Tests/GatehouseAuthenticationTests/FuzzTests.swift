import GatehouseCore
import Testing

@testable import GatehouseAuthentication

struct FuzzTests {
    private static let seeds = [
        "a=1; gatehouse-session=gatess_x; __Host-gatehouse-flow-1=y", "code=%41&state=b&iss=https%3A%2F%2Fx", "https://user@[::1]:99999/?x#y",
        #"{"iss":"a","sub":"b","aud":["c"],"exp":1,"cnf":{"jkt":"x"},"groups":[{"value":"g"}],"scope":"a b"}"#,
        #"{"jwks_uri":"http://x","authorization_endpoint":7}"#, "cm9ib3Q6eA==", "eyJ0eXAiOiJkcG9wK2p3dCJ9.e30.AA",
    ]

    @Test(arguments: seeds)
    func `no bytes stop the program`(seed: String) {
        var generator = IdentifierGenerator(seed: 7)
        for _ in 0..<2000 {
            var bytes = Array(seed.utf8)
            for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0...3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(bytes[place], at: place)
                default: bytes.removeSubrange(place...)
                }
            }
            fuzzAuthentication(bytes)
        }
        #expect(SessionDoor.parameters("a=%41") == ["a": "A"])
    }
}
