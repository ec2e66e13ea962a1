import JOSE
import Testing

@Suite struct Base64URLTests {
    @Test(arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy")])
    func `spells the vectors of RFC 4648 without padding`(plain: String, text: String) {
        #expect(Base64URL.string(bytes(plain)) == text)
        #expect(Base64URL.decode(text) == bytes(plain))
    }

    @Test(arguments: ["Z", "Zg==", "Zh", "Zm9", "Zm9=", "Zm 9v", "Zm9v\n", "+/+/", "Zm9vY", "Zm9é", "A?", "____="])
    func `refuses every text but the canonical one`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func `survives a round trip at every length`() {
        var random = SeededGenerator(1)
        for count in 0..<200 {
            let plain = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(Base64URL.decode(Base64URL.encode(plain)) == plain)
        }
    }
}
