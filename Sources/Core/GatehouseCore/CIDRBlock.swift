/// A network: an address and how many of its leading bits count, written `10.0.0.0/8` (RFC 4632) or `2001:db8::/32`.
public struct CIDRBlock: Sendable, Hashable, CustomStringConvertible {
    /// The network's first address; the bits behind the prefix are zero.
    public let address: IPAddress
    /// How many leading bits count: 0...32 or 0...128.
    public let prefixLength: Int

    /// The network around an address, nil where the length does not fit its family; bits behind the prefix are cleared.
    public init?(_ address: IPAddress, prefixLength: Int) {
        guard (0...address.family.bitWidth).contains(prefixLength) else { return nil }
        let bits = address.bits & Self.mask(address.family, prefixLength)
        self.address = address.family == .v4 ? IPAddress(v4: UInt32(bits)) : IPAddress(v6: bits)
        self.prefixLength = prefixLength
    }

    /// Reads `ADDRESS/LENGTH`, or an address alone as the network of that one address.
    ///
    /// Refuses: bits behind the prefix that are not zero (`10.1.2.3/8`), since the writer may have meant one host.
    public init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(text: parts[0]) else { return nil }
        var length = address.family.bitWidth
        if parts.count == 2 {
            guard let (number, digits) = leadingNumber(of: parts[1].utf8), digits == parts[1].utf8.count,
                digits == 1 || parts[1].first != "0"
            else { return nil }
            // `::ffff:10.0.0.0/104` names an IPv4 network by its 128 bits
            length = Int(number) - (parts[0].contains(":") && address.family == .v4 ? 96 : 0)
        }
        self.init(address, prefixLength: length)
        guard self.address == address else { return nil }
    }

    /// True where the address lies in this network; the families never mix.
    public func contains(_ other: IPAddress) -> Bool {
        other.family == address.family && other.bits & Self.mask(address.family, prefixLength) == address.bits
    }

    /// `ADDRESS/LENGTH`.
    public var description: String { "\(address)/\(prefixLength)" }

    private static func mask(_ family: IPAddress.Family, _ length: Int) -> UInt128 {
        length == 0 ? 0 : ~UInt128(0) << UInt128(family.bitWidth - length)
    }
}
