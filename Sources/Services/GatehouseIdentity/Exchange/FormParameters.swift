/// Parameters of a query or of a body of `application/x-www-form-urlencoded`, each at most once.
///
/// Refuses: a parameter that stands twice (RFC 6749 section 3.1), broken percent escapes, bytes that are not UTF-8, control
/// characters, more than 100 parameters or 64 KiB. An empty value counts as absent, as RFC 6749 section 3.1 says.
public struct FormParameters: Sendable, Equatable {
    private var values: [String: String] = [:]
    /// `resource` may be repeated (RFC 8707 section 2); its values are kept as words.
    private static let repeatable: Set<String> = ["resource"]
    /// The names in order, those of empty values too.
    public private(set) var names: [String] = []

    /// No parameters.
    public init() {}

    /// Parameters by name.
    public init(_ values: [String: String]) {
        self.values = values.filter { !$0.value.isEmpty }
        names = values.keys.sorted()
    }

    /// Reads the encoded text.
    ///
    /// - Throws: ``OAuthError/Code/invalidRequest``.
    public init(parsing text: [UInt8]) throws(OAuthError) {
        guard text.count <= 64 << 10 else { throw OAuthError(.invalidRequest, "more than 64 KiB of parameters") }
        for pair in text.split(separator: UInt8(ascii: "&")) {
            let cut = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = try Self.decode(pair[..<cut])
            let value = try Self.decode(pair[cut...].dropFirst())
            guard !names.contains(name) || Self.repeatable.contains(name) else {
                throw OAuthError(.invalidRequest, "a parameter stands twice")
            }
            guard names.count < 100 else { throw OAuthError(.invalidRequest, "more than 100 parameters") }
            names.append(name)
            if !value.isEmpty { values[name] = values[name].map { $0 + " " + value } ?? value }
        }
    }

    /// Reads the encoded text.
    public init(parsing text: String) throws(OAuthError) { try self.init(parsing: Array(text.utf8)) }

    /// The value of a parameter, nil where it is absent or empty.
    public subscript(name: String) -> String? {
        get { values[name] }
        set {
            values[name] = newValue
            if newValue != nil, !names.contains(name) { names.append(name) }
        }
    }

    /// The value of a parameter that must be there.
    ///
    /// - Throws: ``OAuthError/Code/invalidRequest``.
    public func required(_ name: String) throws(OAuthError) -> String {
        guard let value = values[name] else { throw OAuthError(.invalidRequest, "`\(name)` is missing") }
        return value
    }

    /// Words between single spaces, as `scope` and `prompt` have them.
    public func words(_ name: String) -> [String] { (values[name] ?? "").split(separator: " ").map(String.init) }

    /// The encoded text, parameters in alphabetic order.
    public var encoded: String {
        Set(names).sorted().compactMap { name in values[name].map { Self.encode(name) + "=" + Self.encode($0) } }.joined(separator: "&")
    }

    /// Percent-encodes everything but unreserved characters.
    static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            if isPlain || "-._~".utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Decodes one name or value; `+` is a space.
    static func decode(_ text: ArraySlice<UInt8>) throws(OAuthError) -> String {
        var bytes: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            index += 1
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
                continue
            }
            guard index + 1 < text.endIndex, let high = digit(text[index]), let low = digit(text[index + 1]) else {
                throw OAuthError(.invalidRequest, "a broken percent escape")
            }
            bytes.append(high << 4 | low)
            index += 2
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw OAuthError(.invalidRequest, "a parameter is not utf-8 text")
        }
        return decoded
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
