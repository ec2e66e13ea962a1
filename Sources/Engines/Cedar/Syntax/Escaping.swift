/// Escapes of strings and patterns in Cedar text.
enum Escaping {
    /// One scalar of a string, or a star that is no wildcard.
    enum Element: Equatable {
        case scalar(Unicode.Scalar)
        /// `\*`, legal in patterns only.
        case escapedStar
    }

    /// Why an escape does not stand for anything.
    struct Failure: Error {
        /// Byte offset inside the text between the quotes.
        let offset: Int
        let message: String
    }

    /// The string that the text between two quotes stands for.
    ///
    /// - Throws: ``Failure`` at the first wrong escape; `\*` is one.
    static func unescape(_ raw: ArraySlice<UInt8>) throws(Failure) -> String {
        var result = String.UnicodeScalarView()
        for (element, offset) in try elements(of: raw) {
            guard case .scalar(let scalar) = element else {
                throw Failure(offset: offset, message: "the escape `\\*` is allowed in patterns only")
            }
            result.append(scalar)
        }
        return String(result)
    }

    /// The elements that the text between two quotes stands for.
    static func elements(of raw: ArraySlice<UInt8>) throws(Failure) -> [(Element, Int)] {
        var reader = EscapeReader(scalars: Array(String(decoding: raw, as: UTF8.self).unicodeScalars))
        return try reader.read()
    }

    /// The text with everything escaped that does not print, as the reference writes it.
    static func escape(_ text: String) -> String {
        var result = ""
        var isFirst = true
        for scalar in text.unicodeScalars {
            result += escaped(scalar, graphemeExtends: isFirst)
            isFirst = false
        }
        return result
    }

    /// One scalar escaped where it does not print; combining marks only where they would have nothing to combine with.
    static func escaped(_ scalar: Unicode.Scalar, graphemeExtends: Bool) -> String {
        switch scalar {
        case "\0": return "\\0"
        case "\t": return "\\t"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\"": return "\\\""
        case "'": return "\\'"
        case "\\": return "\\\\"
        default: break
        }
        if graphemeExtends && scalar.properties.isGraphemeExtend { return hexadecimal(scalar) }
        return isPrintable(scalar) ? String(scalar) : hexadecimal(scalar)
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        "\\u{" + String(scalar.value, radix: 16) + "}"
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value >= 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
            return scalar.value == 0x20
        default: return true
        }
    }
}

/// Reads escapes one after the other.
private struct EscapeReader {
    let scalars: [Unicode.Scalar]
    var at = 0
    var offset = 0

    init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    mutating func read() throws(Escaping.Failure) -> [(Escaping.Element, Int)] {
        var result: [(Escaping.Element, Int)] = []
        result.reserveCapacity(scalars.count)
        while at < scalars.count {
            let start = offset
            let scalar = next()
            switch scalar {
            case "\\": result.append((try escape(start), start))
            case "\r": throw failure(start, "a bare carriage return must be written `\\r`")
            default: result.append((.scalar(scalar), start))
            }
        }
        return result
    }

    private mutating func next() -> Unicode.Scalar {
        let scalar = scalars[at]
        at += 1
        offset += UTF8.width(scalar)
        return scalar
    }

    private mutating func escape(_ start: Int) throws(Escaping.Failure) -> Escaping.Element {
        guard at < scalars.count else { throw failure(start, "a backslash stands alone") }
        switch next() {
        case "n": return .scalar("\n")
        case "r": return .scalar("\r")
        case "t": return .scalar("\t")
        case "0": return .scalar("\0")
        case "\\": return .scalar("\\")
        case "\"": return .scalar("\"")
        case "'": return .scalar("'")
        case "*": return .escapedStar
        case "x": return .scalar(try hexadecimal(start))
        case "u": return .scalar(try unicode(start))
        case let other: throw failure(start, "the input `\\\(other)` is not a valid escape")
        }
    }

    private mutating func hexadecimal(_ start: Int) throws(Escaping.Failure) -> Unicode.Scalar {
        var value: UInt32 = 0
        for _ in 0..<2 {
            guard at < scalars.count, let digit = Self.digit(scalars[at]) else {
                throw failure(start, "`\\x` needs two hexadecimal digits")
            }
            value = value * 16 + digit
            _ = next()
        }
        guard value < 0x80, let scalar = Unicode.Scalar(value) else {
            throw failure(start, "`\\x` goes up to `\\x7f`")
        }
        return scalar
    }

    /// Digits in braces, one to six, with underscores between them.
    private mutating func unicode(_ start: Int) throws(Escaping.Failure) -> Unicode.Scalar {
        guard at < scalars.count, next() == "{" else { throw failure(start, "`\\u` needs braces") }
        var value: UInt32 = 0
        var digits = 0
        while at < scalars.count {
            let scalar = next()
            if scalar == "}" {
                guard digits > 0 && digits <= 6, let result = Unicode.Scalar(value) else { break }
                return result
            }
            if scalar == "_" && digits > 0 { continue }
            guard let digit = Self.digit(scalar) else { break }
            digits += 1
            if digits <= 6 { value = value * 16 + digit }
        }
        throw failure(start, "`\\u{…}` needs one to six hexadecimal digits of a Unicode scalar")
    }

    private static func digit(_ scalar: Unicode.Scalar) -> UInt32? {
        scalar.isASCII ? Bytes.hexDigit(UInt8(scalar.value)) : nil
    }

    private func failure(_ offset: Int, _ message: String) -> Escaping.Failure {
        Escaping.Failure(offset: offset, message: message)
    }
}
