/// Why bytes were refused as JSON, and where.
///
/// Two errors are equal where code and position are; the reason is for people.
public struct JSONError: Error, Sendable, CustomStringConvertible {
    /// What was wrong, by name.
    public let code: Code
    /// One sentence, lower case, without position.
    public let reason: String
    /// Where the reader stopped.
    public let position: JSONPosition

    /// An error with everything given.
    public init(code: Code, reason: String, position: JSONPosition) {
        self.code = code
        self.reason = reason
        self.position = position
    }

    /// The reason with line and column, such as `duplicate key `role` (line 3, column 5)`.
    public var description: String { "\(reason) (line \(position.line), column \(position.column))" }
}

extension JSONError {
    /// The names under which the reader refuses. The raw value is stable and made for logs.
    public enum Code: String, Sendable, CaseIterable {
        /// No value at all: nothing but white space.
        case empty = "empty"
        /// The text ends inside a value.
        case unexpectedEnd = "unexpected-end"
        /// A byte that cannot stand here.
        case unexpectedByte = "unexpected-byte"
        /// Something other than white space follows the value.
        case trailingBytes = "trailing-bytes"
        /// A byte order mark of UTF-8, UTF-16 or UTF-32 (RFC 8259 §8.1).
        case byteOrderMark = "byte-order-mark"
        /// Bytes in a string that are not UTF-8, overlong and surrogate forms included.
        case invalidUTF8 = "invalid-utf8"
        /// A raw character below U+0020 in a string.
        case controlCharacter = "control-character"
        /// A backslash followed by what RFC 8259 §7 does not list.
        case invalidEscape = "invalid-escape"
        /// `\uD800` … `\uDFFF` without its other half.
        case loneSurrogate = "lone-surrogate"
        /// A number outside the grammar: leading zero, `+`, no digit before or after the point.
        case invalidNumber = "invalid-number"
        /// `NaN` or `Infinity`, in any sign.
        case notANumber = "not-a-number"
        /// A number that a double cannot hold (it would be read as infinity elsewhere).
        case numberRange = "number-range"
        /// The same key twice in one object.
        case duplicateKey = "duplicate-key"
        /// A comment of JavaScript's kind.
        case comment = "comment"
        /// More bytes than ``JSONLimits/bytes``.
        case sizeLimit = "size-limit"
        /// Deeper than ``JSONLimits/depth``.
        case depthLimit = "depth-limit"
        /// A number longer than ``JSONLimits/numberLength``.
        case numberLengthLimit = "number-length-limit"
        /// A string longer than ``JSONLimits/stringLength``.
        case stringLengthLimit = "string-length-limit"
        /// More values than ``JSONLimits/elements``.
        case elementLimit = "element-limit"
        /// More keys in one object than ``JSONLimits/keys``.
        case keyLimit = "key-limit"
        /// Text that is not a JSON Pointer (RFC 6901 §3).
        case invalidPointer = "invalid-pointer"
        /// A pointer that leads nowhere in the value at hand.
        case noSuchValue = "no-such-value"
    }
}

extension JSONError: Equatable {
    /// Equal by code and position.
    public static func == (a: JSONError, b: JSONError) -> Bool { a.code == b.code && a.position == b.position }
}

/// A place in a text.
public struct JSONPosition: Sendable, Hashable {
    /// Bytes before it, from 0.
    public let offset: Int
    /// Line, from 1. Lines end at LF, CR or CR LF.
    public let line: Int
    /// Column, from 1, in code points.
    public let column: Int

    /// A place given by its three numbers.
    public init(offset: Int, line: Int, column: Int) {
        self.offset = offset
        self.line = line
        self.column = column
    }

    /// The place `offset` bytes into `text`.
    public init(offset: Int, in text: some Sequence<UInt8>) {
        var line = 1
        var column = 1
        var previous: UInt8 = 0
        for byte in text.prefix(offset) {
            if byte == 0x0A {
                if previous != 0x0D { line += 1 }
                column = 1
            } else if byte == 0x0D {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
            previous = byte
        }
        self.init(offset: offset, line: line, column: column)
    }
}
