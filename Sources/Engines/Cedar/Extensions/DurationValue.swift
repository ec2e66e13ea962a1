/// `duration`: milliseconds in 64 bits.
public struct DurationValue: Sendable, Hashable {
    /// The length, in milliseconds; negative ones look back.
    public let milliseconds: Int64

    /// So many milliseconds.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Reads `-?` and then days, hours, minutes, seconds and milliseconds (`d h m s ms`), in this order, each at most
    /// once, at least one of them; nil for every other text and beyond 64 bits.
    public init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes = bytes.dropFirst() }
        let units: [(suffix: [UInt8], size: Int64)] = [
            (Array("d".utf8), 86_400_000), (Array("h".utf8), 3_600_000), (Array("m".utf8), 60_000),
            (Array("s".utf8), 1_000), (Array("ms".utf8), 1),
        ]
        guard !bytes.isEmpty else { return nil }
        var total: Int64 = 0
        var next = 0
        while !bytes.isEmpty {
            let digits = bytes.prefix(while: Bytes.isDigit)
            bytes = bytes[digits.endIndex...]
            let suffix = Array(bytes.prefix { !Bytes.isDigit($0) })
            bytes = bytes.dropFirst(suffix.count)
            guard !digits.isEmpty, let amount = Int64((isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self)),
                let unit = units[next...].firstIndex(where: { $0.suffix == suffix })
            else { return nil }
            next = unit + 1
            let (product, overflow) = amount.multipliedReportingOverflow(by: units[unit].size)
            let (sum, carry) = total.addingReportingOverflow(product)
            guard !overflow && !carry else { return nil }
            total = sum
        }
        milliseconds = total
    }

    /// `toSeconds` and its siblings: whole units, towards zero.
    func apply(_ function: ExtensionFunction) -> Value? {
        switch function {
        case .toMilliseconds: .long(milliseconds)
        case .toSeconds: .long(milliseconds / 1_000)
        case .toMinutes: .long(milliseconds / 60_000)
        case .toHours: .long(milliseconds / 3_600_000)
        case .toDays: .long(milliseconds / 86_400_000)
        default: nil
        }
    }

    /// As `1500ms`.
    public var description: String { "\(milliseconds)ms" }
}
