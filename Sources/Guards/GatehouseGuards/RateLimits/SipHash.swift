/// SipHash-2-4 with a secret key (Aumasson and Bernstein, 2012): who does not know the key cannot choose keys that collide.
struct SipHash: Sendable {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    private var tail: UInt64 = 0
    private var count = 0

    /// A hash under a key.
    init(key: SipKey) {
        v0 = key.low ^ 0x736f_6d65_7073_6575
        v1 = key.high ^ 0x646f_7261_6e64_6f6d
        v2 = key.low ^ 0x6c79_6765_6e65_7261
        v3 = key.high ^ 0x7465_6462_7974_6573
    }

    /// Takes one byte in.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        tail |= UInt64(byte) << UInt64((count & 7) * 8)
        count += 1
        if count & 7 == 0 {
            compress(tail)
            tail = 0
        }
    }

    /// Takes eight bytes in, lowest first.
    mutating func append(_ word: UInt64) {
        if count & 7 == 0 {
            compress(word)
            count += 8
        } else {
            for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
    }

    /// Takes bytes in, and after them their number, so that two fields cannot be shifted into each other.
    mutating func append(_ bytes: some Collection<UInt8>) {
        for byte in bytes { append(byte) }
        append(UInt64(bytes.count))
    }

    /// The hash of what was taken in.
    consuming func finish() -> UInt64 {
        compress(tail | UInt64(truncatingIfNeeded: count) << 56)
        v2 ^= 0xFF
        for _ in 0..<4 { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    @inline(__always)
    private mutating func compress(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    @inline(__always)
    private mutating func round() {
        v0 &+= v1
        v1 = (v1 << 13 | v1 >> 51) ^ v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = (v3 << 16 | v3 >> 48) ^ v2
        v0 &+= v3
        v3 = (v3 << 21 | v3 >> 43) ^ v0
        v2 &+= v1
        v1 = (v1 << 17 | v1 >> 47) ^ v2
        v2 = v2 << 32 | v2 >> 32
    }
}

/// The secret of a hash: 128 bits.
public struct SipKey: Sendable {
    let low: UInt64
    let high: UInt64

    /// A key of two halves, which must come from a source of randomness.
    public init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// A key from the system's source of randomness.
    public static func random() -> SipKey {
        var system = SystemRandomNumberGenerator()
        return SipKey(low: system.next(), high: system.next())
    }
}
