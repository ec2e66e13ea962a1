internal import GatehouseCore

/// Memory in which one line is written, used again for each line.
///
/// Unsafe inside: every write checks its room first, and nothing but this class holds the pointer.
@safe
final class LineBuffer {
    private static let usualBytes = 4096

    private var bytes: UnsafeMutableBufferPointer<UInt8>
    private var count = 0

    init() { unsafe bytes = .allocate(capacity: Self.usualBytes) }

    deinit { unsafe bytes.deallocate() }

    /// Appends one byte.
    @inline(__always)
    func append(_ byte: UInt8) {
        makeRoom(1)
        write(byte)
    }

    /// Appends the bytes of a literal.
    @inline(__always)
    func append(literal: StaticString) {
        literal.withUTF8Buffer { unsafe append(copying: $0) }
    }

    /// Appends a key in quotes with its colon, behind a comma where one is needed.
    func append(key: StaticString, needsComma: Bool) {
        makeRoom(key.utf8CodeUnitCount + 4)
        if needsComma { write(UInt8(ascii: ",")) }
        write(UInt8(ascii: "\""))
        key.withUTF8Buffer { unsafe write(copying: $0) }
        write(UInt8(ascii: "\""))
        write(UInt8(ascii: ":"))
    }

    /// Appends bytes.
    @inline(__always)
    func append(contentsOf span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe append(copying: $0) }
    }

    /// Appends a number in decimal digits.
    func append(decimal number: Int64) { write(20) { $0.append(decimal: number) } }

    /// Appends the 32 lower-case hexadecimal digits of a number.
    func append(hexadecimal number: UInt128) { write(32) { $0.append(hexadecimal: number) } }

    /// Moves what was written behind other bytes, and is empty then.
    func move(to other: inout [UInt8]) {
        unsafe other.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[..<count]))
        count = 0
        guard unsafe bytes.count > 16 * Self.usualBytes else { return }
        unsafe bytes.deallocate()
        unsafe bytes = .allocate(capacity: Self.usualBytes)
    }

    private func write(_ room: Int, _ body: (inout OutputSpan<UInt8>) -> Void) {
        makeRoom(room)
        let free = unsafe UnsafeMutableBufferPointer(rebasing: bytes[count...])
        var out = unsafe OutputSpan(buffer: free, initializedCount: 0)
        body(&out)
        count += unsafe out.finalize(for: free)
    }

    @inline(__always)
    private func append(copying source: UnsafeBufferPointer<UInt8>) {
        makeRoom(source.count)
        unsafe write(copying: source)
    }

    /// Assumes: there is room.
    @inline(__always)
    private func write(copying source: UnsafeBufferPointer<UInt8>) {
        guard let from = source.baseAddress, let start = unsafe bytes.baseAddress else { return }
        unsafe (start + count).initialize(from: from, count: source.count)
        count += source.count
    }

    /// Assumes: there is room.
    @inline(__always)
    private func write(_ byte: UInt8) {
        unsafe bytes.initializeElement(at: count, to: byte)
        count += 1
    }

    @inline(__always)
    private func makeRoom(_ room: Int) { if unsafe count + room > bytes.count { grow(room) } }

    private func grow(_ room: Int) {
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(unsafe bytes.count * 2, count + room))
        _ = unsafe larger.update(fromContentsOf: bytes[..<count])
        unsafe bytes.deallocate()
        unsafe bytes = larger
    }
}
