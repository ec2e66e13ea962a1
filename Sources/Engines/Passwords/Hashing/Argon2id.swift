import CArgon2

/// Argon2id of RFC 9106, version 0x13, by the system's libargon2.
public enum Argon2id {
    /// The hash, or nil where the library refuses the numbers or has no memory.
    ///
    /// Costs time and memory by the parameters: about 30 ms and 19 MiB by the defaults. Never call it on an event loop; see
    /// ``HashingQueue``.
    public static func hash(_ password: [UInt8], salt: [UInt8], _ parameters: Argon2Parameters) -> [UInt8]? {
        guard parameters.isAllowed, salt.count >= 8 else { return nil }
        var tag = [UInt8](repeating: 0, count: parameters.tagBytes)
        let status = unsafe argon2id_hash_raw(
            parameters.iterations, parameters.memoryKiB, parameters.parallelism, password, password.count, salt, salt.count, &tag,
            tag.count)
        return status == ARGON2_OK.rawValue ? tag : nil
    }
}
