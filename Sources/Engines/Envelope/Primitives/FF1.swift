import Crypto

/// FF1 format-preserving encryption (NIST SP 800-38G): numerals in, as many numerals of the same radix out.
///
/// Assumes: someone else vouches for integrity; every input decrypts to something.
public struct FF1: Sendable {
    /// Number of different numerals, 2 to 65,536.
    public let radix: Int
    /// Fewest values that a message's length must leave room for.
    public let minimumDomain: Int
    private let key: SymmetricKey

    /// Most numerals in a message.
    public static let lengthLimit = 4096
    /// Most bytes in a tweak.
    public static let tweakLimit = 4096

    /// - Parameter minimumDomain: radix^length must reach it; 1,000,000 by SP 800-38G revision 1, and never under 100.
    /// - Throws: ``EnvelopeError`` with code `size` for a key that is not 16, 24 or 32 bytes, `domain` for the radix.
    public init(key: [UInt8], radix: Int, minimumDomain: Int = 1_000_000) throws(EnvelopeError) {
        guard (2...65_536).contains(radix) else { throw EnvelopeError(.domain, "a radix lies between 2 and 65536, not \(radix)") }
        self.key = try AESBlock.key(key)
        self.radix = radix
        self.minimumDomain = max(100, minimumDomain)
    }

    /// - Throws: ``EnvelopeError`` with code `domain` or `size`.
    public func encrypt(_ numerals: [UInt16], tweak: [UInt8]) throws(EnvelopeError) -> [UInt16] {
        var state = try Rounds(numerals, tweak: tweak, of: self)
        for round in 0..<10 {
            let sum = add(state.left, try state.roundNumerals(round, of: state.right), subtracting: false)
            (state.left, state.right) = (state.right, sum)
        }
        return state.left + state.right
    }

    /// - Throws: ``EnvelopeError`` with code `domain` or `size`.
    public func decrypt(_ numerals: [UInt16], tweak: [UInt8]) throws(EnvelopeError) -> [UInt16] {
        var state = try Rounds(numerals, tweak: tweak, of: self)
        for round in (0..<10).reversed() {
            let difference = add(state.right, try state.roundNumerals(round, of: state.left), subtracting: true)
            (state.right, state.left) = (state.left, difference)
        }
        return state.left + state.right
    }

    /// Sum or difference modulo radix^length, numeral by numeral from the right; the last carry falls away.
    private func add(_ left: [UInt16], _ right: [UInt16], subtracting: Bool) -> [UInt16] {
        var result = left
        var carry = 0
        for index in left.indices.reversed() {
            let value = subtracting ? Int(left[index]) - Int(right[index]) - carry : Int(left[index]) + Int(right[index]) + carry
            carry = subtracting ? (value < 0 ? 1 : 0) : value / radix
            result[index] = UInt16((value + radix) % radix)
        }
        return result
    }

    private func isLargeEnough(_ length: Int) -> Bool {
        var domain = 1
        for _ in 0..<length where domain < minimumDomain { domain *= radix }
        return length >= 2 && domain >= minimumDomain
    }

    /// The Feistel network's two halves and all that stays the same through the ten rounds.
    private struct Rounds {
        var left: [UInt16]
        var right: [UInt16]
        private let cipher: FF1
        private let fixed: [UInt8]
        private let tweakAndPadding: [UInt8]
        private let bytes: Int

        init(_ numerals: [UInt16], tweak: [UInt8], of cipher: FF1) throws(EnvelopeError) {
            let count = numerals.count
            guard cipher.isLargeEnough(count) else {
                throw EnvelopeError(
                    .domain, "\(count) numerals of radix \(cipher.radix) are too few: \(cipher.minimumDomain) values are needed")
            }
            guard count <= FF1.lengthLimit, tweak.count <= FF1.tweakLimit else {
                throw EnvelopeError(.size, "too long: at most \(FF1.lengthLimit) numerals and \(FF1.tweakLimit) bytes of tweak")
            }
            guard numerals.allSatisfy({ Int($0) < cipher.radix }) else {
                throw EnvelopeError(.domain, "a numeral is not below the radix \(cipher.radix)")
            }
            self.cipher = cipher
            left = Array(numerals.prefix(count / 2))
            right = Array(numerals.dropFirst(count / 2))
            let largest = [UInt16](repeating: UInt16(cipher.radix - 1), count: count - count / 2)
            bytes = Rounds.number(largest, cipher.radix, width: 2 * largest.count).drop { $0 == 0 }.count
            fixed =
                [1, 2, 1] + bigEndianBytes(UInt32(cipher.radix)).suffix(3) + [10, UInt8(count / 2 % 256)]
                + bigEndianBytes(UInt32(count)) + bigEndianBytes(UInt32(tweak.count))
            let padding = ((-tweak.count - bytes - 1) % 16 + 16) % 16
            tweakAndPadding = tweak + [UInt8](repeating: 0, count: padding)
        }

        /// The pseudorandom number of a round, modulo radix^m where m is the length of the half it is added to.
        func roundNumerals(_ round: Int, of half: [UInt16]) throws(EnvelopeError) -> [UInt16] {
            let input = fixed + tweakAndPadding + [UInt8(round)] + Rounds.number(half, cipher.radix, width: bytes)
            let block = try AESBlock.chainedBlock(input, cipher.key)
            let length = 4 * ((bytes + 3) / 4) + 4
            var stream = block
            var counter: UInt64 = 1
            while stream.count < length {
                var next = xor(block, [UInt8](repeating: 0, count: 8) + bigEndianBytes(counter))
                try AESBlock.encrypt(&next, cipher.key)
                stream += next
                counter += 1
            }
            let target = round % 2 == 0 ? (left.count + right.count) / 2 : left.count + right.count - (left.count + right.count) / 2
            return Rounds.numerals(Array(stream.prefix(length)), cipher.radix, count: target)
        }

        /// Numerals as a big-endian number of `width` bytes.
        private static func number(_ numerals: [UInt16], _ radix: Int, width: Int) -> [UInt8] {
            var result = [UInt8](repeating: 0, count: width)
            for numeral in numerals {
                var carry = Int(numeral)
                for index in result.indices.reversed() {
                    let value = Int(result[index]) * radix + carry
                    result[index] = UInt8(truncatingIfNeeded: value)
                    carry = value >> 8
                }
            }
            return result
        }

        /// The lowest `count` numerals of a big-endian number, by repeated division.
        private static func numerals(_ number: [UInt8], _ radix: Int, count: Int) -> [UInt16] {
            var (number, result) = (number, [UInt16](repeating: 0, count: count))
            for place in result.indices.reversed() {
                var remainder = 0
                for index in number.indices {
                    let value = remainder << 8 | Int(number[index])
                    number[index] = UInt8(truncatingIfNeeded: value / radix)
                    remainder = value % radix
                }
                result[place] = UInt16(remainder)
            }
            return result
        }
    }
}
