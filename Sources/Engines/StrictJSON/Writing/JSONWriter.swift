/// Writes JSON text piece by piece.
///
/// The caller keeps the pieces in order: a key before each value in an object, an end for each begin. Separators and
/// white space are the writer's.
public struct JSONWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []
    private let format: JSONFormat
    private var depth = 0
    /// True where the next member or element needs no comma.
    private var isFirst = true
    /// True right after a key.
    private var isAfterKey = false

    /// A writer of the given form.
    public init(_ format: JSONFormat = .compact) { self.format = format }

    /// Opens an object.
    public mutating func beginObject() { begin(UInt8(ascii: "{")) }
    /// Closes the object opened last.
    public mutating func endObject() { end(UInt8(ascii: "}")) }
    /// Opens an array.
    public mutating func beginArray() { begin(UInt8(ascii: "[")) }
    /// Closes the array opened last.
    public mutating func endArray() { end(UInt8(ascii: "]")) }

    /// Writes the key of the next value.
    public mutating func key(_ key: String) {
        separate()
        quote(key)
        bytes.append(UInt8(ascii: ":"))
        if format.indentation != nil { bytes.append(0x20) }
        isAfterKey = true
    }

    /// Writes a whole value.
    public mutating func write(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .bool(let bool): raw(bool ? "true" : "false")
        case .number(let number): raw(number.text)
        case .string(let text): write(text)
        case .array(let elements):
            beginArray()
            for element in elements { write(element) }
            endArray()
        case .object(let object):
            beginObject()
            for member in ordered(object) {
                key(member.key)
                write(member.value)
            }
            endObject()
        }
    }

    /// Writes a string.
    public mutating func write(_ text: String) {
        separate()
        quote(text)
    }

    /// Writes an integer.
    public mutating func write(_ integer: some BinaryInteger) { raw(String(integer)) }

    /// Writes `true` or `false`.
    public mutating func write(_ bool: Bool) { raw(bool ? "true" : "false") }

    /// Writes `null`.
    public mutating func writeNull() { raw("null") }

    private mutating func raw(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    private func ordered(_ object: JSONObject) -> [JSONObject.Member] {
        guard format.sortedKeys else { return object.members }
        return object.members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
    }

    // MARK: Layout

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        depth += 1
        isFirst = true
    }

    private mutating func end(_ bracket: UInt8) {
        depth -= 1
        if !isFirst { newLine() }
        bytes.append(bracket)
        isFirst = false
    }

    private mutating func separate() {
        if isAfterKey {
            isAfterKey = false
        } else if depth > 0 {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            newLine()
        }
        isFirst = false
    }

    private mutating func newLine() {
        guard let indentation = format.indentation else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: max(depth, 0) * indentation))
    }

    // MARK: Strings

    private mutating func quote(_ text: String) {
        bytes.append(0x22)
        for unit in text.utf8 {
            if unit < 0x20 || unit == 0x22 || unit == 0x5C {
                escape(unit)
            } else if format.safeInHTML, unit == 0x3C || unit == 0x3E || unit == 0x26 {
                hexadecimal(unit)
            } else {
                bytes.append(unit)
                if format.safeInHTML && (unit == 0xA8 || unit == 0xA9) { escapeLineSeparator(unit) }
            }
        }
        bytes.append(0x22)
    }

    private mutating func escape(_ unit: UInt8) {
        let short: [UInt8: UInt8] = [
            0x22: 0x22, 0x5C: 0x5C, 0x08: UInt8(ascii: "b"), 0x0C: UInt8(ascii: "f"), 0x0A: UInt8(ascii: "n"),
            0x0D: UInt8(ascii: "r"), 0x09: UInt8(ascii: "t"),
        ]
        guard let letter = short[unit] else { return hexadecimal(unit) }
        bytes.append(0x5C)
        bytes.append(letter)
    }

    private mutating func hexadecimal(_ unit: UInt8) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(digits[Int(unit >> 4)])
        bytes.append(digits[Int(unit & 15)])
    }

    /// U+2028 and U+2029 end with these bytes after E2 80; they end lines in old scripts.
    private mutating func escapeLineSeparator(_ last: UInt8) {
        guard bytes.suffix(3).elementsEqual([0xE2, 0x80, last]) else { return }
        bytes.removeLast(3)
        bytes.append(contentsOf: (last == 0xA8 ? "\\u2028" : "\\u2029").utf8)
    }
}
