/// How many codewords a version has and how they are divided into blocks (table 9).
struct QRCapacity: Sendable {
    let version: Int
    let correctionPerBlock: Int
    let blocks: Int

    init(version: Int, _ correction: QRCode.Correction) {
        self.version = version
        correctionPerBlock = Self.correctionWords[correction.rawValue][version - 1]
        blocks = Self.blockCounts[correction.rawValue][version - 1]
    }

    /// Codewords in all.
    var total: Int { Self.modules(version) / 8 }
    /// Codewords of data.
    var data: Int { total - correctionPerBlock * blocks }
    /// Bits of the count of bytes (table 3).
    var countBits: Int { version < 10 ? 8 : 16 }

    func holds(_ bytes: Int) -> Bool { 4 + countBits + 8 * bytes <= 8 * data }

    /// Modules for codewords and remainder: all but finders, separators, timing, alignment, format and version.
    static func modules(_ version: Int) -> Int {
        var count = (16 * version + 128) * version + 64
        if version >= 2 {
            let alignments = version / 7 + 2
            count -= (25 * alignments - 10) * alignments - 55
            if version >= 7 { count -= 36 }
        }
        return count
    }

    private static let correctionWords = [
        [
            7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30,
            30, 30,
            30, 30, 30, 30, 30, 30,
        ],
        [
            10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
            28, 28,
            28, 28, 28, 28, 28, 28,
        ],
        [
            13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30,
            30, 30,
            30, 30, 30, 30, 30, 30,
        ],
        [
            17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
            30, 30,
            30, 30, 30, 30, 30, 30,
        ],
    ]

    private static let blockCounts = [
        [
            1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22,
            24, 25,
        ],
        [
            1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38,
            40, 43, 45,
            47, 49,
        ],
        [
            1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53,
            56, 59,
            62, 65, 68,
        ],
        [
            1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60,
            63, 66, 70,
            74, 77, 81,
        ],
    ]
}

/// The data codewords: mode, count, bytes, terminator and padding (section 7.4).
enum QRSegment {
    static func words(_ bytes: [UInt8], in capacity: QRCapacity) -> [UInt8] {
        var bits = QRBits()
        bits.append(0b0100, 4)
        bits.append(bytes.count, capacity.countBits)
        for byte in bytes { bits.append(Int(byte), 8) }
        bits.append(0, min(4, 8 * capacity.data - bits.count))
        bits.append(0, (8 - bits.count % 8) % 8)
        var words = bits.words
        var pad = UInt8(0xEC)
        while words.count < capacity.data {
            words.append(pad)
            pad ^= 0xEC ^ 0x11
        }
        return words
    }
}

/// Bits, the highest first.
struct QRBits {
    private(set) var words: [UInt8] = []
    private(set) var count = 0

    mutating func append(_ value: Int, _ length: Int) {
        for bit in stride(from: length - 1, through: 0, by: -1) {
            if count % 8 == 0 { words.append(0) }
            if value >> bit & 1 == 1 { words[count / 8] |= 0x80 >> UInt8(count % 8) }
            count += 1
        }
    }
}
