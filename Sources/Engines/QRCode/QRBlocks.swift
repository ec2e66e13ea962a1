/// Error correction: Reed-Solomon over GF(2^8) with the polynomial 0x11D (section 7.5), and the order of blocks (section 7.6).
enum QRBlocks {
    /// The final sequence of codewords.
    static func interleaved(_ data: [UInt8], _ capacity: QRCapacity) -> [UInt8] {
        let generator = generator(capacity.correctionPerBlock)
        let short = capacity.data / capacity.blocks
        let shortBlocks = capacity.blocks - capacity.data % capacity.blocks
        var blocks: [[UInt8]] = []
        var start = 0
        for number in 0..<capacity.blocks {
            let length = short + (number < shortBlocks ? 0 : 1)
            blocks.append(Array(data[start..<(start + length)]))
            start += length
        }
        let corrections = blocks.map { remainder($0, generator) }
        let words = (0...short).flatMap { place in blocks.compactMap { place < $0.count ? $0[place] : nil } }
        return words + (0..<capacity.correctionPerBlock).flatMap { place in corrections.map { $0[place] } }
    }

    /// Coefficients of the generator polynomial below the highest.
    private static func generator(_ degree: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: degree)
        result[degree - 1] = 1
        var root = UInt8(1)
        for _ in 0..<degree {
            for place in 0..<degree {
                result[place] = product(result[place], root)
                if place + 1 < degree { result[place] ^= result[place + 1] }
            }
            root = product(root, 2)
        }
        return result
    }

    private static func remainder(_ data: [UInt8], _ generator: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: generator.count)
        for word in data {
            let factor = word ^ result.removeFirst()
            result.append(0)
            for place in generator.indices { result[place] ^= product(generator[place], factor) }
        }
        return result
    }

    private static func product(_ one: UInt8, _ other: UInt8) -> UInt8 {
        var result = 0
        for bit in stride(from: 7, through: 0, by: -1) {
            result = result << 1 ^ (result >> 7) * 0x11D
            result ^= Int(other) >> bit & 1 == 1 ? Int(one) : 0
        }
        return UInt8(result)
    }
}
