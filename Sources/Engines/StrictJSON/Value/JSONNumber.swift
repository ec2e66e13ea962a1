/// A JSON number with the text it was written in.
///
/// Compares by exact value: `1`, `1.0` and `10e-1` are equal.
public struct JSONNumber: Sendable {
    /// The text, valid by RFC 8259 §6.
    public let text: String

    /// A number with the given text; nil where it is not one.
    public init?(_ text: String) {
        guard let document = try? JSONDocument(text), document[entry: 0].kind == .number,
            Int(document[entry: 0].length) == text.utf8.count
        else { return nil }
        self.text = text
    }

    /// An integer.
    public init(_ integer: some BinaryInteger) { text = String(integer) }

    /// A double by its shortest text; nil for infinities and NaN.
    public init?(_ double: Double) {
        guard double.isFinite else { return nil }
        let text = double.description
        self.text = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// A text that a reader has checked.
    init(checked text: String) { self.text = text }

    /// The exact value.
    public var decimal: JSONDecimal {
        var text = text
        return text.withUTF8 { unsafe JSONDecimal($0) }
    }

    /// True for whole numbers in any writing: `1`, `1.0`, `1e2`.
    public var isInteger: Bool { decimal.isInteger }

    /// The value as an integer; nil where it is not one or does not fit.
    public var int64: Int64? { Int64(text) ?? decimal.int64 }

    /// The nearest double.
    public var double: Double { Double(text) ?? .infinity }
}

extension JSONNumber: Hashable, Comparable, CustomStringConvertible {
    /// Equal when the values are: `1.0` equals `1`.
    public static func == (a: JSONNumber, b: JSONNumber) -> Bool { a.text == b.text || a.decimal == b.decimal }
    /// By value, exactly.
    public static func < (a: JSONNumber, b: JSONNumber) -> Bool { a.decimal < b.decimal }
    /// Hashes the value.
    public func hash(into hasher: inout Hasher) { hasher.combine(decimal) }
    /// The text.
    public var description: String { text }
}
