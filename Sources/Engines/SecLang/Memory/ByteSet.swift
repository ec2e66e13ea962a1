/// A set of byte values: 256 bits.
struct ByteSet: Sendable, Equatable, Hashable {
    var word0: UInt64 = 0
    var word1: UInt64 = 0
    var word2: UInt64 = 0
    var word3: UInt64 = 0

    static let all = ByteSet(word0: .max, word1: .max, word2: .max, word3: .max)

    init(word0: UInt64 = 0, word1: UInt64 = 0, word2: UInt64 = 0, word3: UInt64 = 0) {
        (self.word0, self.word1, self.word2, self.word3) = (word0, word1, word2, word3)
    }

    init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { insert(byte) }
    }

    /// The bytes of an ASCII literal.
    init(_ literal: StaticString) {
        for index in 0..<literal.utf8CodeUnitCount { unsafe insert(literal.utf8Start[index]) }
    }

    @inline(__always)
    mutating func insert(_ byte: UInt8) {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: word0 |= bit
        case 1: word1 |= bit
        case 2: word2 |= bit
        default: word3 |= bit
        }
    }

    func contains(_ byte: UInt8) -> Bool {
        let word = byte < 128 ? (byte < 64 ? word0 : word1) : (byte < 192 ? word2 : word3)
        return word >> UInt64(byte & 63) & 1 == 1
    }

    @inline(__always)
    func intersects(_ other: ByteSet) -> Bool {
        (word0 & other.word0) | (word1 & other.word1) | (word2 & other.word2) | (word3 & other.word3) != 0
    }

    mutating func formUnion(_ other: ByteSet) {
        word0 |= other.word0
        word1 |= other.word1
        word2 |= other.word2
        word3 |= other.word3
    }

    func union(_ other: ByteSet) -> ByteSet {
        var result = self
        result.formUnion(other)
        return result
    }

    var inverted: ByteSet { ByteSet(word0: ~word0, word1: ~word1, word2: ~word2, word3: ~word3) }

    var count: Int { word0.nonzeroBitCount + word1.nonzeroBitCount + word2.nonzeroBitCount + word3.nonzeroBitCount }

    var isEmpty: Bool { word0 | word1 | word2 | word3 == 0 }

    /// The members in rising order.
    var members: [UInt8] { (0...255).map { UInt8($0) }.filter(contains) }
}

extension ByteSet {
    static let upperCase = ByteSet(65...90)
    static let space = ByteSet([9, 10, 11, 12, 13, 32])
    static let high = ByteSet(128...255)
}
