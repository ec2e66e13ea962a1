/// The PROXY protocol, versions 1 and 2, receiving side: who really is at the other end of a connection.
public enum ProxyHeader: Sendable, Equatable {
    /// More bytes are needed to tell.
    case needsMore
    /// The bytes do not start with a header.
    case absent
    /// A header that breaks the specification.
    case malformed(String)
    /// A header of so many bytes without addresses: a health check, or an unknown family.
    case local(length: Int)
    /// A header of so many bytes that names the source.
    case proxied(source: Source, length: Int)

    /// An address and port.
    public struct Source: Sendable, Equatable {
        /// 4 or 16 bytes in network order.
        public var address: [UInt8]
        /// The port.
        public var port: Int

        /// Makes a source.
        public init(address: [UInt8], port: Int) {
            self.address = address
            self.port = port
        }
    }

    /// Reads a header from the first bytes of a connection.
    public static func read(_ bytes: Span<UInt8>) -> ProxyHeader {
        if starts(bytes, with: signature2) { return readVersion2(bytes) }
        if starts(bytes, with: signature1) { return readVersion1(bytes) }
        return .absent
    }

    private static let signature1: [UInt8] = Array("PROXY ".utf8)
    private static let signature2: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    /// True when the bytes so far may be the start of a header.
    private static func starts(_ bytes: Span<UInt8>, with signature: [UInt8]) -> Bool {
        for index in 0..<min(bytes.count, signature.count) where bytes[index] != signature[index] { return false }
        return bytes.count > 0
    }

    private static func readVersion1(_ bytes: Span<UInt8>) -> ProxyHeader {
        var line: [UInt8] = []
        for index in 0..<min(bytes.count, 107) {
            if bytes[index] == 0x0A {
                guard line.last == 0x0D else { return .malformed("line feed without carriage return") }
                return parseLine(String(decoding: line.dropLast(), as: UTF8.self), length: index + 1)
            }
            line.append(bytes[index])
        }
        return bytes.count >= 107 ? .malformed("line of more than 107 bytes") : .needsMore
    }

    private static func parseLine(_ line: String, length: Int) -> ProxyHeader {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        if words.count >= 2, words[1] == "UNKNOWN" { return .local(length: length) }
        guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6", let port = port(words[4]), port > 0, self.port(words[5]) != nil
        else { return .malformed("line that is no `PROXY TCP4|TCP6 source destination port port`") }
        let parse = words[1] == "TCP4" ? AddressText.v4 : AddressText.v6
        guard let source = parse(words[2]), parse(words[3]) != nil else { return .malformed("address that cannot be read") }
        return .proxied(source: Source(address: source, port: port), length: length)
    }

    private static func port(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy(ASCII.isDigit), let number = Int(text), number <= 65535 else {
            return nil
        }
        return number
    }

    private static func readVersion2(_ bytes: Span<UInt8>) -> ProxyHeader {
        guard bytes.count >= 16 else { return .needsMore }
        guard bytes[12] >> 4 == 2 else { return .malformed("version other than 2") }
        let length = 16 + Int(bytes[14]) << 8 + Int(bytes[15])
        guard length <= 16 + 4096 else { return .malformed("header of \(length) bytes") }
        guard bytes.count >= length else { return .needsMore }
        switch (bytes[12] & 15, bytes[13] >> 4) {
        case (0, _): return .local(length: length)
        case (1, 1):
            guard length >= 28 else { return .malformed("addresses are cut off") }
            return .proxied(source: source(bytes, at: 16, size: 4, portAt: 24), length: length)
        case (1, 2):
            guard length >= 52 else { return .malformed("addresses are cut off") }
            return .proxied(source: source(bytes, at: 16, size: 16, portAt: 48), length: length)
        case (1, _): return .local(length: length)
        default: return .malformed("unknown command")
        }
    }

    private static func source(_ bytes: Span<UInt8>, at start: Int, size: Int, portAt: Int) -> Source {
        Source(address: (start..<start + size).map { bytes[$0] }, port: Int(bytes[portAt]) << 8 | Int(bytes[portAt + 1]))
    }
}

/// Reads addresses in text form, for the one place in this engine that needs them.
enum AddressText {
    static func v4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { part in
            (1...3).contains(part.utf8.count) && part.utf8.allSatisfy(ASCII.isDigit) ? UInt8(part) : nil
        }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    static func v6(_ text: Substring) -> [UInt8]? {
        let halves = text.components(around: "::")
        guard halves.count <= 2, let front = groups(halves[0]), let back = halves.count == 2 ? groups(halves[1]) : [] else { return nil }
        let missing = 8 - front.count - back.count
        guard halves.count == 2 ? missing > 0 : missing == 0 else { return nil }
        return (front + [UInt16](repeating: 0, count: missing) + back).flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    }

    private static func groups(_ text: Substring) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let groups = parts.compactMap { part in
            (1...4).contains(part.utf8.count) && part.utf8.allSatisfy { ASCII.hexValue($0) != nil } ? UInt16(part, radix: 16) : nil
        }
        return groups.count == parts.count ? groups : nil
    }
}

extension Substring {
    /// The parts before and after the first occurrence of a separator; the whole where there is none.
    func components(around separator: String) -> [Substring] {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(separator) {
                return [self[..<index], self[self.index(index, offsetBy: separator.count)...]]
            }
            index = self.index(after: index)
        }
        return [self]
    }
}
