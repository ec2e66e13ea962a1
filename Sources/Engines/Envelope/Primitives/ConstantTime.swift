/// Compares secrets in a time that depends on their lengths alone.
///
/// Unequal lengths are unequal at once: the length of a tag or key is no secret.
public func constantTimeEquals(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for (a, b) in zip(left, right) { difference |= a ^ b }
    return difference == 0
}

/// Overwrites `bytes` with zeros in a way that the optimizer keeps.
@inline(never)
public func wipe(_ bytes: inout [UInt8]) {
    for index in bytes.indices { bytes[index] = 0 }
}

func bigEndianBytes<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
    let width = Integer.bitWidth / 8
    return (0..<width).map { UInt8(truncatingIfNeeded: value >> ((width - 1 - $0) * 8)) }
}

func xor(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> [UInt8] { zip(left, right).map { $0 ^ $1 } }
