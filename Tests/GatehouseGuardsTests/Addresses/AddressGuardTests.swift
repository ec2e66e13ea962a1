import GatehouseConfiguration
import GatehouseCore
import GatehouseTesting
import Testing

@testable import GatehouseGuards

@Suite struct AddressGuardTests {
    private func outcome(_ client: String, allow: [String] = [], deny: [String] = []) -> String {
        var settings = AddressGuardSettings()
        settings.allow = allow.compactMap { CIDRBlock(text: $0) }
        settings.deny = deny.compactMap { CIDRBlock(text: $0) }
        let house = TestHouse([AddressGuard(settings)])
        return house.request(house.exchange(client: client)).refusal?.rule ?? "pass"
    }

    @Test(arguments: [
        ("10.1.2.3", "pass"), ("10.0.0.0", "pass"), ("10.255.255.255", "pass"), ("11.0.0.0", "allow"), ("9.255.255.255", "allow"),
        ("10.9.9.9", "deny"), ("2001:db8::1", "pass"), ("2001:db9::", "allow"), ("::ffff:10.1.2.3", "pass"), ("::ffff:10.9.9.9", "deny"),
    ])
    func denyGoesBeforeAllow(client: String, result: String) {
        #expect(outcome(client, allow: ["10.0.0.0/8", "2001:db8::/32"], deny: ["10.9.0.0/16"]) == result)
    }

    @Test func withoutListsEveryoneIsLetIn() { #expect(outcome("203.0.113.9") == "pass") }

    @Test func anEmptyAllowFileLetsNoOneIn() {
        var settings = AddressGuardSettings()
        settings.allowFiles = [AddressFile(path: FilePath("/lists/office"), blocks: [])]
        let house = TestHouse([AddressGuard(settings)])
        #expect(house.request(house.exchange()).refusal?.rule == "allow")
    }

    @Test func everyAddressCanBeDenied() {
        #expect(outcome("255.255.255.255", deny: ["0.0.0.0/0"]) == "deny")
        #expect(outcome("ffff::1", deny: ["::/0"]) == "deny")
    }

    @Test func rangesAgreeWithTheNetworksOneByOne() {
        var generator = IdentifierGenerator(seed: 7)
        let blocks = (0..<300).compactMap { _ in
            CIDRBlock(
                IPAddress(v4: UInt32(truncatingIfNeeded: generator.next()) & 0x0FFF_FFFF),
                prefixLength: Int.random(in: 8...32, using: &generator))
        }
        let ranges = AddressRanges(blocks)
        for _ in 0..<2000 {
            let address = IPAddress(v4: UInt32(truncatingIfNeeded: generator.next()) & 0x0FFF_FFFF)
            #expect(ranges.contains(address) == blocks.contains { $0.contains(address) })
        }
    }

    @Test func touchingNetworksBecomeOneRange() {
        let ranges = AddressRanges(["10.0.0.0/9", "10.128.0.0/9", "10.1.0.0/16", "11.0.0.0/8"].compactMap { CIDRBlock(text: $0) })
        #expect(ranges.count == 1)
    }
}
