/// `ipaddr`: an address of IPv4 or IPv6 with the length of its prefix.
public struct IPValue: Sendable, Hashable {
    /// True for IPv6.
    public let isV6: Bool
    /// The address; of IPv4 the lower 32 bits.
    public let bits: UInt128
    /// Leading bits that name the network; 32 or 128 for a single address.
    public let prefix: Int

    /// One address, or the network of its first bits.
    ///
    /// - Parameter bits: the address; of IPv4 the lower 32 bits.
    public init(isV6: Bool, bits: UInt128, prefix: Int? = nil) {
        self.isV6 = isV6
        self.bits = bits
        self.prefix = prefix ?? (isV6 ? 128 : 32)
    }

    /// Reads an address with an optional `/prefix`; nil for every other text.
    ///
    /// Refuses: leading zeros in IPv4 parts and in the prefix, IPv4 written inside IPv6, more than 43 characters.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 43 else { return nil }
        let parts = bytes.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first else { return nil }
        if let bits = Self.v4(address) {
            (isV6, self.bits) = (false, bits)
        } else if let bits = Self.v6(address) {
            (isV6, self.bits) = (true, bits)
        } else {
            return nil
        }
        let width = isV6 ? 128 : 32
        guard parts.count == 2 else {
            prefix = width
            return
        }
        guard let prefix = Self.number(parts[1], digits: isV6 ? 3 : 2, most: width) else { return nil }
        self.prefix = prefix
    }

    var isLoopback: Bool {
        isV6 ? bits == 1 && prefix == 128 : bits >> 24 == 127 && prefix >= 8
    }

    var isMulticast: Bool {
        isV6 ? bits >> 120 == 0xFF && prefix >= 8 : bits >> 28 == 0xE && prefix >= 4
    }

    /// True where every address of this range is in the other one.
    func isInRange(_ other: IPValue) -> Bool {
        guard isV6 == other.isV6 else { return false }
        let own = bounds
        let outer = other.bounds
        return own.lowerBound >= outer.lowerBound && own.upperBound <= outer.upperBound
    }

    private var bounds: ClosedRange<UInt128> {
        let width = isV6 ? 128 : 32
        let full: UInt128 = isV6 ? .max : 0xFFFF_FFFF
        let host: UInt128 = prefix == 0 ? full : full >> UInt128(prefix) & full
        return (bits & ~host & full)...(prefix == width ? bits : bits | host)
    }

    private static func number(_ bytes: ArraySlice<UInt8>, digits: Int, most: Int) -> Int? {
        guard (1...digits).contains(bytes.count), bytes.allSatisfy(Bytes.isDigit),
            bytes.count == 1 || bytes.first != 0x30
        else { return nil }
        let value = bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return value <= most ? value : nil
    }

    private static func v4(_ bytes: ArraySlice<UInt8>) -> UInt128? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt128 = 0
        for part in parts {
            guard let number = number(part, digits: 3, most: 255) else { return nil }
            value = value << 8 | UInt128(number)
        }
        return value
    }

    private static func v6(_ bytes: ArraySlice<UInt8>) -> UInt128? {
        var groups: [UInt128] = []
        var gap: Int?
        var rest = bytes
        let colon = UInt8(ascii: ":")
        if rest.starts(with: [colon, colon]) {
            gap = 0
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            let group = rest.prefix { $0 != colon }
            guard (1...4).contains(group.count), groups.count < 8 else { return nil }
            var value: UInt128 = 0
            for byte in group {
                guard let digit = Bytes.hexDigit(byte) else { return nil }
                value = value << 4 | UInt128(digit)
            }
            groups.append(value)
            rest = rest[group.endIndex...]
            if rest.isEmpty { break }
            rest = rest.dropFirst()
            if rest.first == colon {
                guard gap == nil else { return nil }
                gap = groups.count
                rest = rest.dropFirst()
            } else if rest.isEmpty {
                return nil
            }
        }
        if let gap {
            guard groups.count <= 7 else { return nil }
            groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
        }
        return groups.count == 8 ? groups.reduce(0) { $0 << 16 | $1 } : nil
    }

    /// The address with its prefix, in plain form.
    public var description: String {
        let address: String
        if isV6 {
            address = stride(from: 112, through: 0, by: -16).map { String(bits >> UInt128($0) & 0xFFFF, radix: 16) }
                .joined(separator: ":")
        } else {
            address = stride(from: 24, through: 0, by: -8).map { String(bits >> UInt128($0) & 0xFF) }.joined(separator: ".")
        }
        return address + "/\(prefix)"
    }
}
