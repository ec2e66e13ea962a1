/// The cost of Argon2id (RFC 9106 section 3.1).
public struct Argon2Parameters: Sendable, Hashable {
    /// Memory, in KiB; 19,456 (19 MiB).
    public var memoryKiB: UInt32
    /// Passes over the memory; 2.
    public var iterations: UInt32
    /// Lanes; 1.
    public var parallelism: UInt32
    /// Length of the hash, in bytes; 32.
    public var tagBytes: Int

    /// OWASP's first choice, or what is given.
    public init(memoryKiB: UInt32 = 19_456, iterations: UInt32 = 2, parallelism: UInt32 = 1, tagBytes: Int = 32) {
        self.memoryKiB = memoryKiB
        self.iterations = iterations
        self.parallelism = parallelism
        self.tagBytes = tagBytes
    }

    /// What a stored hash may demand at most: 1 GiB, 64 passes, 16 lanes, 64 bytes. A hash of more is refused, so that a
    /// planted record cannot stop the machine.
    public static let maximum = Argon2Parameters(memoryKiB: 1 << 20, iterations: 64, parallelism: 16, tagBytes: 64)

    /// True where Argon2 is defined for these numbers and no bound of ``maximum`` is passed.
    public var isAllowed: Bool {
        let most = Self.maximum
        return (1...most.parallelism).contains(parallelism) && (8 * parallelism...most.memoryKiB).contains(memoryKiB)
            && (1...most.iterations).contains(iterations) && (16...most.tagBytes).contains(tagBytes)
    }

    /// True where every number is at least the other's: a hash of such parameters need not be renewed.
    public func covers(_ other: Argon2Parameters) -> Bool {
        memoryKiB >= other.memoryKiB && iterations >= other.iterations && parallelism >= other.parallelism
            && tagBytes >= other.tagBytes
    }
}
