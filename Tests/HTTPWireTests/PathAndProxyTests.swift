import HTTPWire
import Testing

@Suite struct PathNormalizerTests {
    @Test(
        "one reading for every spelling",
        arguments: [
            ("/a/b", "/a/b"), ("/a/./b", "/a/b"), ("/a/../b", "/b"), ("/a/%2e%2e/b", "/b"), ("/a/..%2fb", "/b"), ("//a///b", "/a/b"),
            ("/a/..;x=y/b", "/b"), ("/a;v=1/b", "/a/b"), ("/%61dmin", "/admin"), ("/a\\..\\b", "/b"), ("/a%5c..%5cb", "/b"),
            ("/../../etc", "/etc"), ("/a/..", "/"), ("/a/.", "/a/"), ("/a/", "/a/"), ("/", "/"), ("/a%zz", "/a%zz"),
        ])
    func normalizes(_ path: String, _ expected: String) {
        #expect(String(decoding: PathNormalizer.normalized(Array(path.utf8)), as: UTF8.self) == expected)
    }
}

@Suite struct ProxyHeaderTests {
    @Test func readsVersion1() {
        let text = "PROXY TCP4 192.0.2.1 198.51.100.1 5000 443\r\n"
        #expect(read(text + "GET") == .proxied(source: .init(address: [192, 0, 2, 1], port: 5000), length: text.utf8.count))
        #expect(read("PROXY UNKNOWN\r\n") == .local(length: 15))
        #expect(read("PROXY TC") == .needsMore)
        #expect(read("PR") == .needsMore)
        #expect(read("GET / HTTP") == .absent)
        #expect(read("POST / HTTP") == .absent)
    }

    @Test(
        "refuses what breaks the grammar",
        arguments: [
            "PROXY TCP4 192.0.2.1 198.51.100.1 5000\r\n", "PROXY TCP4 192.0.2.256 198.51.100.1 5000 443\r\n", "PROXY TCP4 a b 1 2\n",
            "PROXY TCP6 ::1 ::2 70000 443\r\n", "PROXY TCP4 " + String(repeating: "1", count: 120),
        ])
    func refuses(_ text: String) {
        if case .malformed = read(text) { return }
        Issue.record("taken: \(read(text))")
    }

    @Test func readsVersion2() {
        let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
        let v4 = signature + [0x21, 0x11, 0, 12, 192, 0, 2, 1, 198, 51, 100, 1, 0x13, 0x88, 1, 0xBB]
        #expect(readBytes(v4) == .proxied(source: .init(address: [192, 0, 2, 1], port: 5000), length: 28))
        #expect(readBytes(signature + [0x20, 0, 0, 0]) == .local(length: 16))
        #expect(readBytes(Array(v4.prefix(20))) == .needsMore)
        let short = signature + [0x21, 0x11, 0, 4, 1, 2, 3, 4]
        #expect(readBytes(short) == .malformed("addresses are cut off"))
    }

    private func read(_ text: String) -> ProxyHeader { readBytes(Array(text.utf8)) }

    private func readBytes(_ bytes: [UInt8]) -> ProxyHeader { ProxyHeader.read(bytes.span) }
}

@Suite struct FuzzTests {
    @Test func survivesMutatedMessages() {
        var random = SeededGenerator(state: 42)
        let seeds = SmugglingTests.framing.map(\.bytes) + SmugglingTests.chunks.map(\.bytes) + ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"]
        for _ in 0..<3000 {
            var bytes = Array(seeds[Int(random.next() % UInt64(seeds.count))].utf8)
            for _ in 0..<(1 + random.next() % 6) where !bytes.isEmpty {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                }
            }
            fuzzHTTP1(bytes)
            fuzzProxyHeader(bytes)
            #expect(fuzzPath(bytes))
        }
    }
}

/// A small generator that always gives the same numbers.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
