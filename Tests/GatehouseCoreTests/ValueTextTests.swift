import GatehouseCore
import Testing

@Suite struct ValueTextTests {
    @Test(arguments: [("10s", 10_000), ("1h30m", 5_400_000), ("250ms", 250), ("0", 0), ("90d", 7_776_000_000), ("1w", 604_800_000)])
    func `durations read`(text: String, milliseconds: Int64) throws {
        let duration = try #require(Duration(text: text))
        #expect(duration.milliseconds == milliseconds)
        #expect(Duration(text: duration.text) == duration)
    }

    @Test(arguments: ["", "10", "s", "-1s", "1.5s", "1s1m", "1s1s", "10 s", "1y", "99999999999999999999s", "999999999999d"])
    func `what is no duration is refused`(text: String) { #expect(Duration(text: text) == nil) }

    @Test(arguments: [("512", 512), ("32KiB", 32768), ("10MiB", 10_485_760), ("5MB", 5_000_000), ("1GiB", 1_073_741_824), ("0", 0)])
    func `byte counts read`(text: String, bytes: Int) throws {
        let count = try #require(ByteCount(text: text))
        #expect(count.bytes == bytes)
        #expect(ByteCount(text: count.description) == count)
    }

    @Test(arguments: ["", "KiB", "-1", "1.5MiB", "10 MiB", "1XB", "9999999999999TiB"])
    func `what is no byte count is refused`(text: String) { #expect(ByteCount(text: text) == nil) }

    @Test(arguments: [("100/1m", "100/1m"), ("10/s", "10/1s"), ("5000/1h", "5000/1h")])
    func `rates read`(text: String, shown: String) { #expect(Rate(text: text)?.description == shown) }

    @Test(arguments: ["", "10", "0/1m", "10/0s", "/1m", "10/", "10/1m/1"])
    func `what is no rate is refused`(text: String) { #expect(Rate(text: text) == nil) }

    @Test func `a rate's interval is its period over its count`() { #expect(Rate(text: "100/1s")?.interval == 10_000_000) }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("::", "::"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("::ffff:192.0.2.1", "192.0.2.1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"), ("fe80::", "fe80::"), ("1::2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
    ])
    func `addresses read and print canonically`(text: String, shown: String) throws {
        let address = try #require(IPAddress(text: text))
        #expect(address.description == shown)
        #expect(IPAddress(text: shown) == address)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4.5", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::",
        "fe80::1%eth0", "[::1]", "1:2:3:4:5:6:7::8", "::1.2.3", "1.2.3.4::",
    ])
    func `what is no address is refused`(text: String) { #expect(IPAddress(text: text) == nil) }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.0.2.7", "192.0.2.7", true),
        ("0.0.0.0/0", "8.8.8.8", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false), ("::/0", "1.2.3.4", false),
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::ffff:10.0.0.0/104", "10.1.2.3", true),
    ])
    func `a network holds its addresses`(network: String, address: String, expected: Bool) throws {
        #expect(try #require(CIDRBlock(text: network)).contains(try #require(IPAddress(text: address))) == expected)
    }

    @Test(arguments: ["10.0.0.0/33", "10.1.2.3/8", "10.0.0.0/08", "10.0.0.0/", "x/8", "::/129", "10.0.0.0/8/8"])
    func `what is no network is refused`(text: String) { #expect(CIDRBlock(text: text) == nil) }

    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1:8080", true), ("[::1]:80", "[::1]:80", true), (":443", "[::]:443", false),
        ("LOCALHOST:1", "localhost:1", true), ("0.0.0.0:80", "0.0.0.0:80", false), ("api.localhost:80", "api.localhost:80", true),
    ])
    func `endpoints read`(text: String, shown: String, isLoopback: Bool) throws {
        let endpoint = try #require(Endpoint(text: text))
        #expect(endpoint.description == shown)
        #expect(endpoint.isLoopback == isLoopback)
    }

    @Test(arguments: ["", "host", "host:", "host:65536", "::1:80", "a b:80", "host:8x", "[127.0.0.1]:80"])
    func `what is no endpoint is refused`(text: String) { #expect(Endpoint(text: text) == nil) }

    @Test func `a secret shows nothing of itself`() {
        let secret = Redacted("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!"\(secret) \(String(reflecting: [secret])) \(dumped)".contains("hunter2"))
        #expect(secret.reveal() == "hunter2")
    }
}
