import Passwords
import Testing

@Suite struct PasswordRulesTests {
    static let rules = PasswordRules(blocklists: [WordBlocklist(["correct horse battery staple", "iloveyou12"])])

    @Test(
        arguments: [
            ("mountain river 42", false, nil), ("short one", false, .tooShort(minimum: 15)), ("nine char", true, nil),
            ("seven77", true, .tooShort(minimum: 8)), ("Correct Horse Battery Staple", false, .known), ("ILOVEYOU12", true, .known),
            ("aaaaaaaaaaaaaaaa", false, .repetitive), ("abcabcabcabcabcabc", false, .repetitive), ("abcdefghijklmnop", false, .repetitive),
            ("87654321", true, .repetitive), ("alice@example.org", false, .expected), ("alicealice1", true, .expected),
            ("gatehouse2024", true, .expected), ("alice likes long rivers", false, nil), ("tab\there and there", false, .controlCharacter),
            ("пароль длинный да", false, nil), ("🔑🔑🔒🗝️🚪🏠🌳⛰️🌊", true, nil),
        ] as [(String, Bool, PasswordRules.Refusal?)])
    func `judges by length and by lists alone`(password: String, hasMFA: Bool, refusal: PasswordRules.Refusal?) {
        let context = ["alice@example.org", "gatehouse"]
        #expect(Self.rules.refusal(of: password, hasMFA: hasMFA, context: context) == refusal)
    }

    @Test func `counts code points and accepts long ones`() {
        #expect(Self.rules.refusal(of: (0..<256).map { String(UnicodeScalar(UInt8(33 + $0 * 7 % 90))) }.joined(), hasMFA: false) == nil)
        #expect(Self.rules.refusal(of: String(repeating: "ab1", count: 86), hasMFA: false) == .tooLong(maximum: 256))
    }

    @Test func `a bloom filter knows what was put in and little else`() throws {
        var filter = BloomBlocklist(capacity: 1000)
        for number in 0..<1000 { filter.insert("password\(number)") }
        let reread = try #require(BloomBlocklist(bytes: filter.bytes))
        #expect((0..<1000).allSatisfy { reread.contains("password\($0)") })
        #expect((0..<2000).count { reread.contains("other\($0)") } < 40)
    }

    @Test func `reads the range files of breach lists`() {
        var filter = BloomBlocklist(capacity: 100)
        #expect(filter.insert(range: "1E4C9B93F3F0682250B6CF8331B7EE68FD8:10434004\r\nnot a line\r\n", prefix: "5BAA6") == 1)
        #expect(filter.contains("password"))
        #expect(!filter.contains("another"))
    }
}
