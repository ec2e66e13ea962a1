/// `decimal`: a fixed-point number with four decimal places in 64 bits.
public struct DecimalValue: Sendable, Hashable {
    /// Ten-thousandths.
    public let units: Int64

    /// The number of so many ten-thousandths.
    public init(units: Int64) {
        self.units = units
    }

    /// Reads `-?d+.d{1,4}`; nil for every other text and beyond 64 bits.
    public init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes = bytes.dropFirst() }
        guard let point = bytes.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        let whole = bytes[..<point]
        let fraction = bytes[(point + 1)...]
        guard !whole.isEmpty, (1...4).contains(fraction.count) else { return nil }
        let padded = Array(whole) + Array(fraction) + repeatElement(UInt8(ascii: "0"), count: 4 - fraction.count)
        var value: Int64 = 0
        for byte in padded {
            guard Bytes.isDigit(byte) else { return nil }
            let digit = Int64(byte - 0x30)
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            guard !overflow && !carry else { return nil }
            value = sum
        }
        units = value
    }

    /// The number with four decimal places.
    public var description: String {
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
        return (units < 0 ? "-" : "") + padded.dropLast(4) + "." + padded.suffix(4)
    }
}
