import Testing

@testable import GatehouseValidation

@Suite struct FuzzTests {
    /// Bytes of a small generator, many of them such that forms are made of.
    private func bytes(_ seed: UInt64, _ count: Int) -> [UInt8] {
        let words = ["\r\n--B", "--B--", "\r\n", "\r\n\r\n", "--", "B", "Content-Disposition: form-data; name=\"a\"", "; filename=\"b.txt\"", "\u{89}PNG\r\n\u{1a}\n"]
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var result: [UInt8] = []
        while result.count < count {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            if state % 3 == 0 { result.append(UInt8(truncatingIfNeeded: state >> 32)) } else { result += words[Int(state >> 33) % words.count].utf8 }
        }
        return result
    }

    @Test func `any bytes are read, and in pieces as they are whole`() {
        for seed in 1...400 {
            let body = bytes(UInt64(seed), seed)
            #expect(fuzzBodies(body), "seed \(seed)")
        }
        #expect(fuzzBodies([]))
    }
}
