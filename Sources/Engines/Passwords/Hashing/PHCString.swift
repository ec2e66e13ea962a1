/// A stored password hash in the PHC string format: `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`.
///
/// Refuses: every other algorithm and version, numbers with signs, leading zeros or out of ``Argon2Parameters/maximum``,
/// parameters in another order, base64 with padding or stray bits, salts under 8 or over 64 bytes.
public struct PHCString: Sendable, Hashable {
    /// The cost that the hash was made with.
    public let parameters: Argon2Parameters
    /// The salt.
    public let salt: [UInt8]
    /// The hash.
    public let tag: [UInt8]

    init(parameters: Argon2Parameters, salt: [UInt8], tag: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
        self.tag = tag
    }

    /// Reads a string; nil where it is not of this exact form.
    public init?(_ text: String) {
        guard text.utf8.count <= 300 else { return nil }
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19" else { return nil }
        let costs = parts[3].split(separator: ",", omittingEmptySubsequences: false)
        guard costs.count == 3, let memory = Self.number(costs[0], "m="), let iterations = Self.number(costs[1], "t="),
            let parallelism = Self.number(costs[2], "p="), let salt = Base64Plain.decode(parts[4]), let tag = Base64Plain.decode(parts[5])
        else { return nil }
        parameters = Argon2Parameters(memoryKiB: memory, iterations: iterations, parallelism: parallelism, tagBytes: tag.count)
        guard parameters.isAllowed, (8...64).contains(salt.count) else { return nil }
        self.salt = salt
        self.tag = tag
    }

    /// The string.
    public var text: String {
        "$argon2id$v=19$m=\(parameters.memoryKiB),t=\(parameters.iterations),p=\(parameters.parallelism)$"
            + Base64Plain.encode(salt) + "$" + Base64Plain.encode(tag)
    }

    private static func number(_ text: Substring, _ name: String) -> UInt32? {
        guard text.hasPrefix(name) else { return nil }
        let digits = text.dropFirst(name.count)
        guard let number = UInt32(digits), String(number) == digits else { return nil }
        return number
    }
}

/// Base64 without padding, canonical, as PHC strings use it.
enum Base64Plain {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String { String(decoding: RadixCoding.encode(bytes, bits: 6, alphabet), as: UTF8.self) }

    static func decode(_ text: Substring) -> [UInt8]? { RadixCoding.decode(Array(text.utf8), bits: 6, alphabet) }
}

/// Bytes as digits of so many bits, and back.
enum RadixCoding {
    static func encode(_ bytes: [UInt8], bits: Int, _ alphabet: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        var buffer = 0
        var held = 0
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xFFFF
            held += 8
            while held >= bits {
                held -= bits
                text.append(alphabet[buffer >> held & ((1 << bits) - 1)])
            }
        }
        if held > 0 { text.append(alphabet[buffer << (bits - held) & ((1 << bits) - 1)]) }
        return text
    }

    /// Nil for foreign digits, a whole digit too many, and bits left over that are not zero.
    static func decode(_ text: [UInt8], bits: Int, _ alphabet: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = 0
        var held = 0
        for digit in text {
            guard let value = alphabet.firstIndex(of: digit) else { return nil }
            buffer = (buffer << bits | value) & 0xFFFF
            held += bits
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> held))
            }
        }
        return held < bits && buffer & ((1 << held) - 1) == 0 ? bytes : nil
    }
}
