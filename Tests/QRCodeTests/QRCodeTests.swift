import QRCode
import Testing

@Suite struct QRCodeTests {
    @Test(arguments: [(14, 1), (15, 2), (106, 6), (213, 10), (2331, 40)])
    func `the smallest version that holds the bytes is taken`(count: Int, version: Int) throws {
        let code = try #require(QRCode([UInt8](repeating: 65, count: count)))
        #expect(code.version == version && code.size == 17 + 4 * version)
    }

    @Test func `more bytes than the largest code holds make none`() {
        #expect(QRCode([UInt8](repeating: 65, count: 2331)) != nil)
        #expect(QRCode([UInt8](repeating: 65, count: 2332)) == nil)
        #expect(QRCode([UInt8](repeating: 65, count: 2953), correction: .low) != nil)
    }

    @Test func `the path draws every dark module and no other`() throws {
        let code = try #require(QRCode("otpauth://totp/Gatehouse:alice?secret=JBSWY3DPEHPK3PXP"))
        var drawn: Set<[Int]> = []
        for run in code.svgPath.split(separator: "z") {
            let numbers = run.split { !$0.isNumber }.compactMap { Int($0) }
            for step in 0..<numbers[2] { drawn.insert([numbers[1] - 4, numbers[0] - 4 + step]) }
        }
        for row in 0..<code.size {
            for column in 0..<code.size { #expect(drawn.contains([row, column]) == code.isDark(row: row, column: column)) }
        }
    }

    @Test func `a code is read back by undoing its mask and its order`() throws {
        for text in ["A", "otpauth://totp/x?secret=AAAA", String(repeating: "gatehouse ", count: 30)] {
            let code = try #require(QRCode(text))
            #expect(QRReading(code).text == text)
        }
    }
}

/// Reads an undamaged code of one block group, without correcting errors: independent of how it was drawn but for the zigzag.
private struct QRReading {
    let code: QRCode
    init(_ code: QRCode) { self.code = code }

    var text: String? {
        let words = words
        let (data, blocks) = Self.layout[code.version] ?? (0, 1)
        let short = data / blocks
        let long = data % blocks
        var parts = [[UInt8]](repeating: [], count: blocks)
        var place = 0
        for index in 0...short {
            for block in 0..<blocks where index < short || block >= blocks - long {
                parts[block].append(words[place])
                place += 1
            }
        }
        let bits = parts.flatMap { $0 }.flatMap { word in (0..<8).map { word >> (7 - UInt8($0)) & 1 } }
        func number(_ start: Int, _ count: Int) -> Int { bits[start..<(start + count)].reduce(0) { $0 << 1 | Int($1) } }
        guard number(0, 4) == 4 else { return nil }
        let width = code.version < 10 ? 8 : 16
        let count = number(4, width)
        return String(decoding: (0..<count).map { UInt8(number(4 + width + 8 * $0, 8)) }, as: UTF8.self)
    }

    /// Data codewords and blocks at the medium level, from table 9.
    static let layout: [Int: (Int, Int)] = [1: (16, 1), 2: (28, 1), 3: (44, 1), 13: (334, 9), 14: (365, 9)]

    private var mask: Int {
        let bits = [10, 11, 12].map { code.isDark(row: 8, column: 14 - $0) ? 1 << ($0 - 10) : 0 }.reduce(0, +)
        return bits ^ (0x5412 >> 10 & 7)
    }

    private func isFunction(_ row: Int, _ column: Int) -> Bool {
        let last = code.size
        if row == 6 || column == 6 { return true }
        if row < 9 && (column < 9 || column >= last - 8) || row >= last - 8 && column < 9 { return true }
        if code.version >= 7, (row < 6 && column >= last - 11) || (column < 6 && row >= last - 11) { return true }
        let centres: [Int: [Int]] = [2: [6, 18], 3: [6, 22], 13: [6, 34, 62], 14: [6, 26, 46, 66]]
        let places = centres[code.version] ?? []
        for (i, y) in places.enumerated() {
            for (j, x) in places.enumerated() {
                let isFinder = (i == 0 && (j == 0 || j == places.count - 1)) || (j == 0 && i == places.count - 1)
                if !isFinder, abs(row - y) <= 2, abs(column - x) <= 2 { return true }
            }
        }
        return false
    }

    private var words: [UInt8] {
        var bits: [UInt8] = []
        var right = code.size - 1
        var goesUp = true
        while right > 0 {
            if right == 6 { right -= 1 }
            for step in 0..<code.size {
                let row = goesUp ? code.size - 1 - step : step
                for column in [right, right - 1] where !isFunction(row, column) {
                    bits.append((code.isDark(row: row, column: column) != inverts(row, column)) ? 1 : 0)
                }
            }
            goesUp.toggle()
            right -= 2
        }
        return stride(from: 0, to: bits.count - 7, by: 8).map { start in bits[start..<(start + 8)].reduce(0) { $0 << 1 | $1 } }
    }

    private func inverts(_ i: Int, _ j: Int) -> Bool {
        let rules: [(Int, Int) -> Int] = [
            { ($0 + $1) % 2 }, { i, _ in i % 2 }, { _, j in j % 3 }, { ($0 + $1) % 3 }, { ($0 / 2 + $1 / 3) % 2 }, { $0 * $1 % 2 + $0 * $1 % 3 },
            { ($0 * $1 % 2 + $0 * $1 % 3) % 2 }, { (($0 + $1) % 2 + $0 * $1 % 3) % 2 },
        ]
        return rules[mask](i, j) == 0
    }
}
