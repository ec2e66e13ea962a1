internal import Crypto

extension Transformation {
    /// Replaces the value by its SHA-1 digest, 20 raw bytes (RFC 3174).
    static let sha1 = Transformation("sha1", triggers: .all, capacity: { _ in 20 }) { input, output in
        for byte in unsafe Insecure.SHA1.hash(data: UnsafeRawBufferPointer(start: input.base, count: input.count)) { output.append(byte) }
        return true
    }
}
