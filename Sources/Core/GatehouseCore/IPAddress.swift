/// An IPv4 or IPv6 address, without zone or port.
///
/// An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) is the IPv4 address, so that a list cannot be passed by the other spelling.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address family.
    public enum Family: Sendable, Hashable {
        /// 32 bits.
        case v4
        /// 128 bits.
        case v6

        /// How many bits an address has.
        public var bitWidth: Int { self == .v4 ? 32 : 128 }
    }

    /// The family.
    public let family: Family
    /// The address as a number: in the low 32 bits for IPv4.
    public let bits: UInt128

    /// The IPv4 address of four bytes in network order, read as a number.
    public init(v4 bits: UInt32) {
        family = .v4
        self.bits = UInt128(bits)
    }

    /// The IPv6 address of this number; an IPv4-mapped one becomes IPv4.
    public init(v6 bits: UInt128) {
        let isMapped = bits >> 32 == 0xFFFF
        family = isMapped ? .v4 : .v6
        self.bits = isMapped ? bits & 0xFFFF_FFFF : bits
    }

    /// Reads dotted decimal (four numbers without leading zeros) or the IPv6 text of RFC 4291, section 2.2.
    ///
    /// Refuses: brackets, zones, short or octal IPv4 forms.
    public init?(text: some StringProtocol) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let bits = parseIPv6(Array(text.utf8)) else { return nil }
            self.init(v6: bits)
        } else {
            guard let bits = parseIPv4(Array(text.utf8)[...]) else { return nil }
            self.init(v4: bits)
        }
    }

    /// `127.0.0.0/8` or `::1`.
    public var isLoopback: Bool { family == .v4 ? bits >> 24 == 127 : bits == 1 }

    /// `0.0.0.0` or `::`, which a listener binds to mean every address.
    public var isUnspecified: Bool { bits == 0 }

    /// The bytes in network order: 4 or 16.
    public var bytes: [UInt8] {
        stride(from: family.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> UInt128($0)) }
    }

    /// The text: dotted decimal, or the canonical form of RFC 5952.
    public var description: String { family == .v4 ? dotted(UInt32(bits)) : canonicalIPv6(bits) }
}

private func dotted(_ bits: UInt32) -> String { "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)" }

/// RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups shortened.
private func canonicalIPv6(_ bits: UInt128) -> String {
    let groups = stride(from: 112, through: 0, by: -16).map { UInt16(truncatingIfNeeded: bits >> UInt128($0)) }
    var best = 0..<0
    var start = 0
    for index in 0...8 where index == 8 || groups[index] != 0 {
        if index - start > max(best.count, 1) { best = start..<index }
        start = index + 1
    }
    let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
    guard !best.isEmpty else { return text(groups[...]) }
    return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
}

private func parseIPv4(_ text: ArraySlice<UInt8>) -> UInt32? {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var result: UInt32 = 0
    for part in parts {
        guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0"),
            part.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        let number = part.reduce(UInt32(0)) { $0 * 10 + UInt32($1 - 48) }
        guard number <= 255 else { return nil }
        result = result << 8 | number
    }
    return result
}

private func parseIPv6(_ text: [UInt8]) -> UInt128? {
    guard (2...45).contains(text.count) else { return nil }
    guard let gap = firstDoubleColon(in: text) else {
        guard let groups = parseGroups(text[...]), groups.count == 8 else { return nil }
        return number(of: groups)
    }
    guard let front = parseGroups(text[..<gap], mayEndInIPv4: false), let back = parseGroups(text[(gap + 2)...]),
        front.count + back.count < 8
    else { return nil }
    return number(of: front + Array(repeating: 0, count: 8 - front.count - back.count) + back)
}

private func firstDoubleColon(in text: [UInt8]) -> Int? {
    text.indices.dropLast().first { text[$0] == UInt8(ascii: ":") && text[$0 + 1] == UInt8(ascii: ":") }
}

private func parseGroups(_ text: ArraySlice<UInt8>, mayEndInIPv4: Bool = true) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
        if mayEndInIPv4, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
            guard let bits = parseIPv4(part) else { return nil }
            groups += [UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits)]
        } else {
            guard (1...4).contains(part.count), part.allSatisfy(isHexDigit),
                let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16)
            else { return nil }
            groups.append(group)
        }
    }
    return groups
}

private func isHexDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte) }

private func number(of groups: [UInt16]) -> UInt128 { groups.reduce(0) { $0 << 16 | UInt128($1) } }
