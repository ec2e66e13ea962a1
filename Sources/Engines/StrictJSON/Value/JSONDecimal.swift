/// An exact decimal number: sign, significant digits, power of ten.
///
/// Digits have neither leading nor trailing zeros, so equal numbers have equal fields.
public struct JSONDecimal: Sendable, Hashable {
    /// True below zero; never for zero.
    public private(set) var isNegative = false
    /// The significant digits as one number where there are at most nineteen, else 0.
    private var small: UInt64 = 0
    /// The significant digits, one a byte, where there are more than nineteen.
    private var large: [UInt8] = []
    /// Number of significant digits; 0 for zero.
    private var digitCount = 0
    /// Power of ten of the last significant digit. Held within ±10¹², where it no longer matters.
    private var exponent = 0

    /// Zero.
    public init() {}

    /// An integer.
    public init(_ integer: Int64) {
        isNegative = integer < 0
        small = integer.magnitude
        digitCount = Self.count(small)
        normalize()
    }

    /// The number whose text is given; the text must be a valid JSON number.
    public init(_ text: some Collection<UInt8>) {
        var scanner = Scanner()
        for byte in text { scanner.take(byte) }
        isNegative = scanner.isNegative
        small = scanner.digits.isEmpty ? scanner.small : 0
        large = scanner.digits
        digitCount = scanner.count
        exponent = scanner.exponent
        normalize()
    }

    /// True for zero.
    public var isZero: Bool { digitCount == 0 }

    /// True for whole numbers.
    public var isInteger: Bool { exponent >= 0 }

    /// The number with the other sign.
    public var negated: JSONDecimal {
        var result = self
        result.isNegative = !isNegative && !isZero
        return result
    }

    /// Power of ten of the first significant digit: 2 for 123, -1 for 0.5.
    public var magnitudeExponent: Int { isZero ? 0 : exponent + digitCount - 1 }

    /// The value where it is whole and fits.
    public var int64: Int64? {
        guard isInteger, large.isEmpty, exponent + digitCount <= 19 else { return nil }
        var value = small
        for _ in 0..<exponent {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            value = product
        }
        if isNegative { return value <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- value) : nil }
        return Int64(exactly: value)
    }

    private mutating func normalize() {
        guard digitCount > 0 else {
            self = JSONDecimal()
            return
        }
        while large.isEmpty && small % 10 == 0 { drop() }
        while large.last == 0 { drop() }
        if !large.isEmpty && large.count <= 19 {
            small = large.reduce(0) { $0 * 10 + UInt64($1) }
            large = []
        }
    }

    private mutating func drop() {
        if large.isEmpty { small /= 10 } else { large.removeLast() }
        digitCount -= 1
        exponent += 1
    }

    private static func count(_ value: UInt64) -> Int {
        var (count, rest) = (0, value)
        while rest > 0 { (count, rest) = (count + 1, rest / 10) }
        return count
    }

    fileprivate var digits: [UInt8] {
        guard large.isEmpty else { return large }
        var (list, rest): ([UInt8], UInt64) = ([], small)
        while rest > 0 {
            list.append(UInt8(rest % 10))
            rest /= 10
        }
        return list.reversed()
    }
}

extension JSONDecimal: Comparable {
    /// Order by value.
    public static func < (a: JSONDecimal, b: JSONDecimal) -> Bool {
        if a.isNegative != b.isNegative { return a.isNegative }
        return a.isNegative ? b.isCloserToZero(than: a) : a.isCloserToZero(than: b)
    }

    private func isCloserToZero(than other: JSONDecimal) -> Bool {
        if isZero || other.isZero { return isZero && !other.isZero }
        if magnitudeExponent != other.magnitudeExponent { return magnitudeExponent < other.magnitudeExponent }
        if exponent == other.exponent && large.isEmpty && other.large.isEmpty { return small < other.small }
        return digits.lexicographicallyPrecedes(other.digits)
    }
}

extension JSONDecimal {
    /// True where this number is `divisor` times a whole number, without rounding.
    ///
    /// The divisor may have up to 37 significant digits; beyond that the answer is false. A divisor of zero gives false.
    public func isMultiple(of divisor: JSONDecimal) -> Bool {
        guard !divisor.isZero, divisor.digitCount <= 37 else { return false }
        if isZero { return true }
        // The last digit is not zero, so fewer decimals are needed than there are.
        if exponent < divisor.exponent { return false }
        let modulus = divisor.digits.reduce(0 as UInt128) { $0 * 10 + UInt128($1) }
        var rest = digits.reduce(0 as UInt128) { ($0 * 10 + UInt128($1)) % modulus }
        // A factor of two or five stands in 128 bits at most 127 times, so more tens change nothing.
        for _ in 0..<min(exponent - divisor.exponent, 128) { rest = rest * 10 % modulus }
        return rest == 0
    }
}

/// Collects digits of a valid number.
private struct Scanner {
    var isNegative = false
    var small: UInt64 = 0
    var digits: [UInt8] = []
    var count = 0
    var exponent = 0
    private var afterPoint = false
    private var inExponent = false
    private var exponentIsNegative = false
    private var written = 0

    mutating func take(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "-"): if inExponent { exponentIsNegative = true } else { isNegative = true }
        case UInt8(ascii: "."): afterPoint = true
        case UInt8(ascii: "e"), UInt8(ascii: "E"): inExponent = true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): takeDigit(byte - UInt8(ascii: "0"))
        default: break
        }
    }

    private mutating func takeDigit(_ digit: UInt8) {
        if inExponent {
            let sign = exponentIsNegative ? -1 : 1
            let larger = min(written * 10 + Int(digit), 1_000_000_000_000)
            exponent += sign * (larger - written)
            written = larger
            return
        }
        if afterPoint { exponent -= 1 }
        if count == 0 && digit == 0 { return }
        count += 1
        if count <= 19 {
            small = small * 10 + UInt64(digit)
            return
        }
        if count == 20 { digits = String(small).utf8.map { $0 - UInt8(ascii: "0") } }
        digits.append(digit)
    }
}
