/// A QR code of bytes (ISO/IEC 18004:2015): a square of dark and light modules.
///
///     let code = QRCode("otpauth://totp/…")
///     code?.svgPath
public struct QRCode: Sendable, Hashable {
    /// How much of the code may be damaged.
    public enum Correction: Int, Sendable, CaseIterable {
        /// 7 %.
        case low
        /// 15 %.
        case medium
        /// 25 %.
        case quartile
        /// 30 %.
        case high
    }

    /// Modules on each side, 21 to 177.
    public let size: Int
    /// The version, 1 to 40.
    public let version: Int
    private let modules: [Bool]

    /// The smallest code that holds a text as bytes; nil where none does (2,953 bytes at most).
    public init?(_ text: String, correction: Correction = .medium) { self.init(Array(text.utf8), correction: correction) }

    /// The smallest code that holds bytes; nil where none does.
    public init?(_ bytes: [UInt8], correction: Correction = .medium) {
        guard let capacity = (1...40).lazy.map({ QRCapacity(version: $0, correction) }).first(where: { $0.holds(bytes.count) }) else {
            return nil
        }
        let words = QRBlocks.interleaved(QRSegment.words(bytes, in: capacity), capacity)
        let drawn = QRDrawing(capacity.version).finished(words, correction)
        (version, size, modules) = (capacity.version, drawn.size, drawn.modules)
    }

    /// True where a module is dark; false outside of the code.
    public func isDark(row: Int, column: Int) -> Bool {
        (0..<size).contains(row) && (0..<size).contains(column) && modules[row * size + column]
    }

    /// The dark modules as path data of an SVG whose view box is ``viewBox``, the quiet zone of four modules included.
    public var svgPath: String {
        var path = ""
        for row in 0..<size {
            var column = 0
            while column < size {
                guard isDark(row: row, column: column) else {
                    column += 1
                    continue
                }
                let start = column
                while isDark(row: row, column: column) { column += 1 }
                path += "M\(start + 4) \(row + 4)h\(column - start)v1h-\(column - start)z"
            }
        }
        return path
    }

    /// The view box that belongs to ``svgPath``.
    public var viewBox: String { "0 0 \(size + 8) \(size + 8)" }
}
