/// Memory that grows by blocks and is given back all at once.
///
/// Addresses stay valid until `reset` or the arena's end. Not thread-safe: one transaction, one arena. A slice does not keep its arena:
/// whoever makes an arena for a moment keeps it with `withExtendedLifetime` until the last slice has been read.
@safe
final class Arena {
    private static let blockSize = 32_768

    private var blocks: [UnsafeMutableBufferPointer<UInt8>] = unsafe []
    private var current: UnsafeMutableBufferPointer<UInt8> {
        @inline(__always) get { unsafe currentStorage }
        @inline(__always) _modify { yield unsafe &currentStorage }
    }
    @exclusivity(unchecked) private var currentStorage: UnsafeMutableBufferPointer<UInt8>
    private var used: Int {
        @inline(__always) get { unsafe usedStorage }
        @inline(__always) _modify { yield unsafe &usedStorage }
    }
    @exclusivity(unchecked) private var usedStorage: Int = 0

    init() {
        unsafe currentStorage = .allocate(capacity: Arena.blockSize)
    }

    deinit {
        while let block = unsafe blocks.popLast() { unsafe block.deallocate() }
        unsafe current.deallocate()
    }

    /// Forgets everything; keeps one block for what comes next.
    func reset() {
        while let block = unsafe blocks.popLast() { unsafe block.deallocate() }
        if unsafe current.count > Arena.blockSize {
            unsafe current.deallocate()
            unsafe current = .allocate(capacity: Arena.blockSize)
        }
        used = 0
    }

    /// Room for at least `count` bytes; `commit` says how many were used.
    func reserve(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        if unsafe used + count > current.count {
            unsafe blocks.append(current)
            unsafe current = .allocate(capacity: max(count, Arena.blockSize))
            used = 0
        }
        return unsafe current.baseAddress! + used
    }

    /// Keeps the first `count` bytes of what `reserve` gave.
    func commit(_ count: Int) { used += count }

    func copy(_ slice: Slice) -> Slice {
        guard slice.count > 0 else { return .empty }
        let target = unsafe reserve(slice.count)
        unsafe target.update(from: slice.base, count: slice.count)
        commit(slice.count)
        return unsafe Slice(base: UnsafePointer(target), count: slice.count)
    }

    func copy(_ bytes: [UInt8]) -> Slice {
        guard bytes.count > 0 else { return .empty }
        let target = unsafe reserve(bytes.count)
        unsafe bytes.withUnsafeBufferPointer { unsafe target.update(from: $0.baseAddress!, count: $0.count) }
        commit(bytes.count)
        return unsafe Slice(base: UnsafePointer(target), count: bytes.count)
    }

    func copy(_ text: String) -> Slice {
        var text = text
        return text.withUTF8 { unsafe copy(Slice(buffer: $0)) }
    }

    /// The decimal digits of `number`.
    func decimal(_ number: Int) -> Slice {
        write(capacity: 20) { output in
            output.append(decimal: number)
        }
    }

    /// What `body` writes, at most `capacity` bytes.
    func write(capacity: Int, _ body: (inout ByteWriter) -> Void) -> Slice {
        defer { withExtendedLifetime(self) {} }
        let target = unsafe reserve(capacity)
        var writer = unsafe ByteWriter(target, capacity: capacity)
        body(&writer)
        commit(writer.count)
        return unsafe Slice(base: UnsafePointer(target), count: writer.count)
    }
}

extension Slice {
    init(buffer: UnsafeBufferPointer<UInt8>) {
        if let base = buffer.baseAddress, buffer.count > 0 {
            unsafe self.init(base: base, count: buffer.count)
        } else {
            self = .empty
        }
    }
}
