import JOSE
import StrictJSON
import Testing

/// A splitmix64 generator: the same inputs in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

enum Fixture {
    static let ec = try? JSONWebKey.generate(for: .es256)
    static let rsa = try? JSONWebKey.generate(for: .rs256)

    /// A new key for each algorithm; RSA ones share their numbers, since making them is slow.
    static func key(_ algorithm: SignatureAlgorithm) throws -> JSONWebKey {
        switch algorithm {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512:
            try JSONWebKey(#require(rsa).material, keyID: "rsa", use: "sig", algorithm: algorithm.rawValue)
        default: try JSONWebKey.generate(for: algorithm)
        }
    }

    static func secret(_ bytes: Int, keyID: String? = nil, use: String? = nil, algorithm: String? = nil) throws -> JSONWebKey {
        try JSONWebKey(.symmetric((0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) }), keyID: keyID, use: use, algorithm: algorithm)
    }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A compact message of raw parts, signed by the key whatever its header says.
func forged(_ header: String, _ payload: String, by key: JSONWebKey) throws -> String {
    let signer = try SigningKey(key)
    let input = Base64URL.string(bytes(header)) + "." + Base64URL.string(bytes(payload))
    return input + "." + Base64URL.string(try signer.signature(of: bytes(input)))
}

func refusal(_ body: () throws -> Void) -> JOSEError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? JOSEError)?.code
    }
}
