public import GatehouseConfiguration
internal import GatehouseCore

/// Lets in or refuses by the true client's address.
///
/// Refuses: addresses in a denied network, and where networks are allowed, every other.
/// Cost: two binary searches over merged ranges; a list of a million networks takes 8 MB for IPv4, 32 MB for IPv6.
public struct AddressGuard: Guard {
    /// The name in the configuration and in events.
    public let name = "addresses"
    /// The phases that it wants.
    public let phases: GuardPhases = .requestHead

    private let allowed: AddressRanges
    private let denied: AddressRanges

    /// Compiles the lists of the settings and of their files, as they were when the configuration was loaded.
    public init(_ settings: AddressGuardSettings) {
        allowed = AddressRanges(settings.allAllowed)
        denied = AddressRanges(settings.allDenied)
        allowsAll = settings.allow.isEmpty && settings.allowFiles.isEmpty
    }

    /// An allow file that is empty lets no one in.
    private let allowsAll: Bool

    /// Looks the client up.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        if denied.contains(exchange.client) { return refuse("deny", "address is in a denied network") }
        if !allowsAll, !allowed.contains(exchange.client) { return refuse("allow", "address is in no allowed network") }
        return .pass
    }

    private func refuse(_ rule: String, _ reason: String) -> Verdict {
        .refuse(Refusal(Problem(status: 403), rule: rule, reason: reason, severity: .low, closesConnection: true))
    }
}

/// A set of addresses as sorted ranges that do not touch.
struct AddressRanges: Sendable {
    private var v4Starts: [UInt32] = []
    private var v4Ends: [UInt32] = []
    private var v6Starts: [UInt128] = []
    private var v6Ends: [UInt128] = []

    /// The addresses of all these networks.
    init(_ blocks: [CIDRBlock]) {
        for range in Self.merged(blocks, .v4, maximum: UInt128(UInt32.max)) {
            v4Starts.append(UInt32(range.lowerBound))
            v4Ends.append(UInt32(range.upperBound))
        }
        for range in Self.merged(blocks, .v6, maximum: .max) {
            v6Starts.append(range.lowerBound)
            v6Ends.append(range.upperBound)
        }
    }

    /// How many ranges there are.
    var count: Int { v4Starts.count + v6Starts.count }

    /// True when the address is in one of the networks.
    func contains(_ address: IPAddress) -> Bool {
        switch address.family {
        case .v4: Self.find(UInt32(address.bits), v4Starts, v4Ends)
        case .v6: Self.find(address.bits, v6Starts, v6Ends)
        }
    }

    private static func find<Number: FixedWidthInteger>(_ number: Number, _ starts: [Number], _ ends: [Number]) -> Bool {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= number { low = middle + 1 } else { high = middle }
        }
        return low > 0 && number <= ends[low - 1]
    }

    private static func merged(_ blocks: [CIDRBlock], _ family: IPAddress.Family, maximum: UInt128) -> [ClosedRange<UInt128>] {
        let ranges = blocks.filter { $0.address.family == family }.map { block in
            let host = UInt128(family.bitWidth - block.prefixLength)
            let last = host >= 128 ? maximum : block.address.bits | ((1 << host) - 1)
            return block.address.bits...last
        }
        var result: [ClosedRange<UInt128>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, last.upperBound == maximum || range.lowerBound <= last.upperBound + 1 {
                result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }
}
