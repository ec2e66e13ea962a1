import ECMARegex
import StrictJSON

/// The formats of the standard (2020-12 validation §7.3), and those that OpenAPI adds.
enum Format: UInt8, CaseIterable {
    case dateTime, date, time, duration
    case email, idnEmail, hostname, idnHostname, plainHostname, ipv4, ipv6
    case uri, uriReference, iri, iriReference, uuid, uriTemplate
    case jsonPointer, relativeJSONPointer, regex
    case byte, int32, int64, float, double

    /// The format a schema names; nil for names that mean nothing here, which allow everything.
    init?(name: String, draft: Dialect.Draft) {
        guard let format = Self.byName[name] else { return nil }
        // Drafts up to 6 point to RFC 1034, which knows nothing of A-labels.
        self = format == .hostname && draft <= .draft6 ? .plainHostname : format
    }

    private static let byName: [String: Format] = [
        "date-time": .dateTime, "date": .date, "time": .time, "duration": .duration, "email": .email, "idn-email": .idnEmail,
        "hostname": .hostname, "idn-hostname": .idnHostname, "ipv4": .ipv4, "ipv6": .ipv6, "uri": .uri, "uri-reference": .uriReference,
        "iri": .iri, "iri-reference": .iriReference, "uuid": .uuid, "uri-template": .uriTemplate, "json-pointer": .jsonPointer,
        "relative-json-pointer": .relativeJSONPointer, "regex": .regex, "byte": .byte, "int32": .int32, "int64": .int64, "float": .float,
        "double": .double,
    ]

    /// True for formats of numbers; all others are formats of strings.
    var isNumeric: Bool { rawValue >= Format.int32.rawValue }

    /// Whether a string's bytes are in the format.
    @unsafe
    func allows(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let text = unsafe ByteText(bytes)
        return switch self {
        case .dateTime: isDateTime(text)
        case .date: isDate(text)
        case .time: isTime(text)
        case .duration: isDuration(text)
        case .email: isEmail(text, international: false)
        case .idnEmail: isEmail(text, international: true)
        case .hostname: isHostname(text)
        case .idnHostname: isInternationalHostname(text)
        case .plainHostname: text.count <= 253 && text.split(UInt8(ascii: ".")).allSatisfy(isLDHLabel)
        case .ipv4: isIPv4(text)
        case .ipv6: isIPv6(text)
        case .uri: isURI(text, .uri)
        case .uriReference: isURI(text, .uriReference)
        case .iri: isURI(text, .iri)
        case .iriReference: isURI(text, .iriReference)
        case .uuid: isUUID(text)
        case .uriTemplate: isURITemplate(text)
        case .jsonPointer: isJSONPointer(text)
        case .relativeJSONPointer: isRelativeJSONPointer(text)
        case .regex: isRegex(text)
        case .byte: unsafe Base64.decode(bytes) != nil
        case .int32, .int64, .float, .double: true
        }
    }

    /// Whether a number is in the format.
    func allows(number: JSONDecimal) -> Bool {
        switch self {
        case .int32: number.int64.map { Int32(exactly: $0) != nil } ?? false
        case .int64: number.int64 != nil
        case .float: number.magnitudeExponent < 38 || number.magnitude <= Self.largestFloat
        default: true
        }
    }

    private static let largestFloat = JSONDecimal("3.4028234663852886e38".utf8)
}

extension JSONDecimal {
    /// The number without its sign.
    fileprivate var magnitude: JSONDecimal { isNegative ? negated : self }
}

/// Bytes of a string with a safe subscript: 0 beyond the end.
@safe
struct ByteText {
    private let base: UnsafePointer<UInt8>?
    let count: Int

    @unsafe
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        unsafe base = bytes.baseAddress
        count = bytes.count
    }

    @unsafe
    private init(_ base: UnsafePointer<UInt8>?, _ count: Int) {
        unsafe self.base = base
        self.count = count
    }

    @inline(__always)
    subscript(index: Int) -> UInt8 {
        guard index >= 0, index < count, let base = unsafe base else { return 0 }
        return unsafe base[index]
    }

    /// The bytes from `start` up to `end`; bounds are held to the text, and to each other.
    func part(_ start: Int, _ end: Int) -> ByteText {
        let start = min(max(start, 0), count)
        return unsafe ByteText(base.map { unsafe $0 + start }, min(max(end, start), count) - start)
    }

    var bytes: [UInt8] { (0..<count).map { self[$0] } }

    var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Place of a byte at or after `start`.
    func first(_ byte: UInt8, from start: Int = 0) -> Int? { (start..<max(start, count)).first { self[$0] == byte } }

    /// Place of the last such byte.
    func last(_ byte: UInt8) -> Int? { (0..<count).last { self[$0] == byte } }

    /// The parts between such bytes.
    func split(_ byte: UInt8) -> [ByteText] {
        var parts: [ByteText] = []
        var start = 0
        while let end = first(byte, from: start) {
            parts.append(part(start, end))
            start = end + 1
        }
        return parts + [part(start, count)]
    }
}

@inline(__always) func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
@inline(__always) func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
@inline(__always) func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 6 }

/// `8-4-4-4-12` hexadecimal digits (RFC 9562 §4).
func isUUID(_ text: ByteText) -> Bool {
    guard text.count == 36 else { return false }
    return (0..<36).allSatisfy { index in
        [8, 13, 18, 23].contains(index) ? text[index] == UInt8(ascii: "-") : isHexadecimal(text[index])
    }
}

/// A pattern of ECMA-262 with the `u` flag.
func isRegex(_ text: ByteText) -> Bool {
    do throws(RegexError) {
        try ECMARegex.check(text.string)
        return true
    } catch { return false }
}

/// A JSON Pointer (RFC 6901 §3).
func isJSONPointer(_ text: ByteText) -> Bool {
    guard text.count > 0 else { return true }
    guard text[0] == UInt8(ascii: "/") else { return false }
    return (0..<text.count).allSatisfy { index in
        text[index] != UInt8(ascii: "~") || text[index + 1] == UInt8(ascii: "0") || text[index + 1] == UInt8(ascii: "1")
    }
}

/// A number of levels, then `#` or a JSON Pointer (draft-handrews-relative-json-pointer-01).
func isRelativeJSONPointer(_ text: ByteText) -> Bool {
    let digits = (0..<text.count).prefix { isDigit(text[$0]) }.count
    guard digits > 0, digits == 1 || text[0] != UInt8(ascii: "0") else { return false }
    if text[digits] == UInt8(ascii: "#") && text.count == digits + 1 { return true }
    return isJSONPointer(text.part(digits, text.count))
}
