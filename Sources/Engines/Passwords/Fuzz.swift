/// Fuzz entry: bytes as a stored hash, typed codes and secrets.
public func fuzzPasswordText(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    if let stored = PHCString(text) { precondition(stored.text == text, "a stored hash has two spellings") }
    if let decoded = Base32.decode(text) { precondition(Base32.encode(decoded) == text, "base32 has two spellings") }
    _ = RecoveryCode.hash(ofTyped: text)
    _ = OneTimeLink.format.hash(of: text)
    _ = PasswordRules(blocklists: [WordBlocklist(["password"])]).refusal(of: text, hasMFA: true, context: [text])
    _ = OneTimePassword(secret: [UInt8](repeating: 1, count: 20))?.spentStep(for: text, at: 59, lastSpent: nil)
}
