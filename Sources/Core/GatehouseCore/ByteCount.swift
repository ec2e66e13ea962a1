/// A number of bytes, written `512`, `32KiB`, `10MiB`, `1GiB` or in decimal units `64KB`, `5MB`, `1GB`.
public struct ByteCount: Sendable, Hashable, Comparable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// The number of bytes; never negative.
    public let bytes: Int

    /// A count of so many bytes; a negative number counts as none.
    public init(_ bytes: Int) { self.bytes = max(0, bytes) }

    /// A count of so many bytes.
    public init(integerLiteral value: Int) { self.init(value) }

    /// Reads a whole number and an optional unit.
    ///
    /// Refuses: signs, fractions, spaces, unknown units and what does not fit in 63 bits.
    public init?(text: String) {
        guard let (number, digits) = leadingNumber(of: Substring(text).utf8) else { return nil }
        let word = String(text.dropFirst(digits))
        guard let unit = word.isEmpty ? 1 : Self.units.first(where: { $0.name == word })?.bytes else { return nil }
        let (product, overflow) = Int(number).multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        bytes = product
    }

    /// So many times 1024 bytes.
    public static func kibibytes(_ count: Int) -> ByteCount { ByteCount(count << 10) }

    /// So many times 1024² bytes.
    public static func mebibytes(_ count: Int) -> ByteCount { ByteCount(count << 20) }

    /// The text that reads back to this count, in the largest binary unit that divides it.
    public var description: String {
        guard bytes > 0, let unit = Self.units.first(where: { $0.name.hasSuffix("iB") && bytes.isMultiple(of: $0.bytes) }) else {
            return "\(bytes)"
        }
        return "\(bytes / unit.bytes)\(unit.name)"
    }

    /// Orders by size.
    public static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }

    private static let units: [(name: String, bytes: Int)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000), ("kB", 1000), ("B", 1),
    ]
}
