/// Reads CTAP2 canonical CBOR (CTAP 2.1 section 8): every value has exactly one spelling.
///
/// Refuses: lengths and integers longer than needed, indefinite lengths, tags, floating-point and undefined values, text that is
/// not UTF-8, map keys that repeat or are out of order, and whatever exceeds the limits.
public struct CBORReader: Sendable {
    /// What a reader accepts.
    public struct Limits: Sendable {
        /// Bytes of the whole; 64 KiB.
        public var bytes = 64 << 10
        /// Arrays and maps inside each other; 8. CTAP itself uses 4.
        public var depth = 8
        /// Values in the whole; 4,096.
        public var values = 4096
        /// Whether map keys must stand in canonical order; true. Some software authenticators order the outermost map otherwise.
        public var requiresSortedKeys = true

        /// The defaults.
        public init() {}
    }

    private let input: [UInt8]
    private let limits: Limits
    /// Where the next value begins.
    public private(set) var position: Int
    private var count = 0

    /// A reader of bytes from a position.
    ///
    /// - Throws: ``WebAuthnError/Code/limitExceeded``.
    public init(_ input: [UInt8], from position: Int = 0, limits: Limits = Limits()) throws(WebAuthnError) {
        guard input.count <= limits.bytes else { throw WebAuthnError(.limitExceeded, "more than \(limits.bytes) bytes of cbor") }
        self.input = input
        self.position = position
        self.limits = limits
    }

    /// The one value that the bytes are.
    ///
    /// - Throws: ``WebAuthnError``: `malformed`, `limitExceeded`.
    public static func decode(_ input: [UInt8], limits: Limits = Limits()) throws(WebAuthnError) -> CBORValue {
        var reader = try CBORReader(input, limits: limits)
        let value = try reader.read()
        guard reader.position == input.count else { throw WebAuthnError(.malformed, "bytes after the cbor value") }
        return value
    }

    /// Reads the next value.
    public mutating func read() throws(WebAuthnError) -> CBORValue { try read(depth: 0) }

    private mutating func read(depth: Int) throws(WebAuthnError) -> CBORValue {
        count += 1
        guard count <= limits.values, depth <= limits.depth else { throw WebAuthnError(.limitExceeded, "too many or too deep cbor values") }
        let (major, argument) = try head()
        switch major {
        case 0: return .unsigned(argument)
        case 1: return .negative(argument)
        case 2: return .bytes(try take(argument))
        case 3: return .text(try text(argument))
        case 4: return .array(try array(argument, depth))
        case 5: return .map(try map(argument, depth))
        case 7 where argument == 20: return .bool(false)
        case 7 where argument == 21: return .bool(true)
        case 7 where argument == 22: return .null
        default: throw WebAuthnError(.malformed, "a cbor tag, float or simple value at byte \(position - 1)")
        }
    }

    /// Major type and argument, the latter in its shortest form.
    private mutating func head() throws(WebAuthnError) -> (UInt8, UInt64) {
        let first = try take(1)[0]
        let short = first & 31
        guard short >= 24 else { return (first >> 5, UInt64(short)) }
        guard short <= 27, first >> 5 != 7 else { throw WebAuthnError(.malformed, "an indefinite or reserved cbor length") }
        let argument = try take(UInt64(1) << UInt64(short - 24)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let least: [UInt64] = [24, 0x100, 0x1_0000, 0x1_0000_0000]
        guard argument >= least[Int(short - 24)] else { throw WebAuthnError(.malformed, "a cbor number longer than needed") }
        return (first >> 5, argument)
    }

    private mutating func take(_ length: UInt64) throws(WebAuthnError) -> [UInt8] {
        guard position <= input.count, length <= UInt64(input.count - position) else { throw WebAuthnError(.malformed, "cbor ends early") }
        defer { position += Int(length) }
        return Array(input[position..<position + Int(length)])
    }

    private mutating func text(_ length: UInt64) throws(WebAuthnError) -> String {
        guard let text = String(validating: try take(length), as: UTF8.self) else {
            throw WebAuthnError(.malformed, "cbor text is not utf-8")
        }
        return text
    }

    private mutating func array(_ length: UInt64, _ depth: Int) throws(WebAuthnError) -> [CBORValue] {
        guard length <= UInt64(limits.values) else { throw WebAuthnError(.limitExceeded, "a cbor array is too long") }
        var elements: [CBORValue] = []
        for _ in 0..<length { elements.append(try read(depth: depth + 1)) }
        return elements
    }

    private mutating func map(_ length: UInt64, _ depth: Int) throws(WebAuthnError) -> CBORMap {
        guard length <= UInt64(limits.values) else { throw WebAuthnError(.limitExceeded, "a cbor map is too long") }
        var members: [CBORMap.Member] = []
        var keys: [[UInt8]] = []
        for _ in 0..<length {
            let start = position
            let key = try read(depth: depth + 1)
            let text = Array(input[start..<position])
            if let last = keys.last, limits.requiresSortedKeys, !CBORWriter.precedes(last, text) {
                throw WebAuthnError(.malformed, "cbor map keys repeat or are out of order")
            }
            guard limits.requiresSortedKeys || !keys.contains(text) else { throw WebAuthnError(.malformed, "a cbor map key repeats") }
            keys.append(text)
            members.append(CBORMap.Member(key: key, value: try read(depth: depth + 1)))
        }
        return CBORMap(ordered: members)
    }
}
