internal import NIOCore

/// Memory for what connections of one loop are about to write. A connection has a buffer only between its first byte and its flush, so
/// that idle ones hold none.
struct SpareBuffers {
    private static let most = 16
    private static let usualBytes = 2048
    private static let keptBytes = 64 * 1024

    private var buffers: [ByteBuffer] = []

    /// An empty buffer with room.
    mutating func take() -> ByteBuffer {
        var buffer = buffers.popLast() ?? ByteBuffer()
        buffer.clear(minimumCapacity: Self.usualBytes)
        return buffer
    }

    /// Takes a buffer back, whose bytes may still be on their way.
    mutating func giveBack(_ buffer: consuming ByteBuffer) {
        if buffers.count < Self.most, buffer.capacity <= Self.keptBytes { buffers.append(buffer) }
    }
}
