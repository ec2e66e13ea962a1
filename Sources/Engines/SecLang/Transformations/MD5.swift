internal import Crypto

extension Transformation {
    /// Replaces the value by its MD5 digest, 16 raw bytes (RFC 1321).
    static let md5 = Transformation("md5", triggers: .all, capacity: { _ in 16 }) { input, output in
        for byte in unsafe Insecure.MD5.hash(data: UnsafeRawBufferPointer(start: input.base, count: input.count)) { output.append(byte) }
        return true
    }
}
