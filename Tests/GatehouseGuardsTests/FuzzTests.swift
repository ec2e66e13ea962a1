import GatehouseCore
import Testing

@testable import GatehouseGuards

@Suite struct FuzzTests {
    private let seeds = [
        "default-src 'none'; script-src 'nonce-a' 'strict-dynamic', img-src *", "max-age=\"1\"; includeSubDomains; preload",
        "camera=(self \"https://a.example\"), usb=*", "sid=1; Path=/; Domain=x; SameSite=None; __Host-sid=2", "text/html;q=0.9, */*;q=0.1",
        "<b>Fatal&nbsp;error</b>: \\u0041\\n &quot;/var/www/x.php&quot; on line <b>3</b><br", "../%2e%2e;/%c0%af%252f\\a?x=%00&y=%",
        "bytes=0-1,5-,-9", "multipart/form-data; boundary=\"a\\\",b\"", "https://a.b.co.uk:8443",
    ].map { Array($0.utf8) }

    @Test func mutatedInputNeverTraps() {
        var generator = IdentifierGenerator(seed: 99)
        let packed = [Compression.gzip(seeds[0]), Compression.brotli(seeds[5]), Compression.raw(seeds[6])]
        let all = seeds + packed
        for _ in 0..<3000 {
            var bytes = all[Int.random(in: 0..<all.count, using: &generator)]
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                let place = Int.random(in: 0...bytes.count, using: &generator)
                switch Int.random(in: 0...3, using: &generator) {
                case 0: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
                case 1 where place < bytes.count: bytes.remove(at: place)
                case 2 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
                default: bytes.insert(contentsOf: all[Int.random(in: 0..<all.count, using: &generator)].prefix(9), at: place)
                }
            }
            fuzzGuards(bytes)
        }
    }
}
