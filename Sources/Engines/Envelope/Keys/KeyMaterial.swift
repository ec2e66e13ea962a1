import Glibc

/// The bytes of a secret key in a page of its own: locked in memory, left out of core dumps, wiped when the last reference goes.
///
/// Prints as nothing. Locking is best effort (`RLIMIT_MEMLOCK`); ``isLocked`` says whether it worked.
@safe
public final class KeyMaterial: @unchecked Sendable, CustomStringConvertible, CustomReflectable {  // bytes never change
    private let page: UnsafeMutableRawPointer
    private let size: Int
    /// Number of bytes of the key, at most 4,096.
    public let count: Int
    /// True where the page cannot be swapped out.
    public let isLocked: Bool

    /// Takes over a key and wipes the array it came in.
    ///
    /// - Throws: ``EnvelopeError`` with code `size` for no bytes or too many, `unavailable` when the system gives no memory.
    public init(_ bytes: inout [UInt8]) throws(EnvelopeError) {
        guard (1...4096).contains(bytes.count) else { throw EnvelopeError(.size, "a key has 1 to 4096 bytes") }
        size = 4096
        count = bytes.count
        guard let page = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), unsafe page != MAP_FAILED
        else {
            throw EnvelopeError(.unavailable, "no memory for a key")
        }
        unsafe self.page = unsafe page
        isLocked = unsafe mlock(page, size) == 0
        _ = unsafe madvise(page, size, MADV_DONTDUMP)
        unsafe page.copyMemory(from: bytes, byteCount: bytes.count)
        wipe(&bytes)
    }

    /// A new key of `count` random bytes.
    ///
    /// - Throws: ``EnvelopeError`` with code `size` or `unavailable`.
    public convenience init(random count: Int, using generator: inout some RandomNumberGenerator) throws(EnvelopeError) {
        var bytes = (0..<max(0, count)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        try self.init(&bytes)
    }

    deinit {
        unsafe explicit_bzero(page, size)
        unsafe munmap(page, size)
    }

    /// Calls `body` with a copy of the key that is wiped afterwards.
    public func withBytes<T, E: Error>(_ body: ([UInt8]) throws(E) -> T) throws(E) -> T {
        var copy = unsafe [UInt8](UnsafeRawBufferPointer(start: page, count: count))
        defer { wipe(&copy) }
        return try body(copy)
    }

    /// For logs; holds no secret.
    public var description: String { "key material of \(count) bytes" }

    /// Shows nothing of the key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
