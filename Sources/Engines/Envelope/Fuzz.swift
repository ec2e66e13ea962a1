/// Feeds arbitrary bytes to every reader of outside bytes in this module; must never trap.
public func fuzzEnvelope(_ bytes: [UInt8]) {
    _ = try? SealedRecord(bytes)
    _ = try? AESKeyWrap.unwrap(bytes, with: [UInt8](repeating: 1, count: 16))
    _ = try? AESKeyWrap.unwrapPadded(bytes, with: [UInt8](repeating: 1, count: 32))
    _ = try? AESSIV(key: [UInt8](repeating: 1, count: 32)).open(bytes, authenticating: [])
    _ = try? AESGCM.open(bytes, key: [UInt8](repeating: 1, count: 16), nonce: Array(bytes.prefix(9)))
    _ = try? FF1(key: [UInt8](repeating: 1, count: 16), radix: 300).decrypt(bytes.map(UInt16.init), tweak: [])
    _ = try? KeyFile(bytes)
}
