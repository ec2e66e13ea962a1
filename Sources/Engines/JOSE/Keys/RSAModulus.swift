/// Checks of RSA numbers that no cryptographic library does on its own.
enum RSAModulus {
    /// Why this public key must not be used, or nil where nothing speaks against it.
    ///
    /// Refuses: leading zero bytes (RFC 7518 section 6.3.1.1), a modulus under 2,048 bits (section 3.3) or over 8,192 bits
    /// (verification time grows with the square), an exponent under 65,537, over 32 bits or even, and moduli with the
    /// fingerprint of the ROCA weakness (CVE-2017-15361).
    static func flaw(modulus: [UInt8], exponent: [UInt8]) -> String? {
        guard let high = modulus.first, high != 0, let top = exponent.first, top != 0 else {
            return "rsa numbers must not start with zeros"
        }
        let bits = modulus.count * 8 - high.leadingZeroBitCount
        guard bits >= 2048 else { return "the rsa modulus has \(bits) bits, at least 2048 are required" }
        guard bits <= 8192 else { return "the rsa modulus has \(bits) bits, at most 8192 are allowed" }
        guard modulus.last.map({ $0 & 1 }) == 1 else { return "the rsa modulus is even" }
        guard exponent.count <= 4 else { return "the rsa exponent is over 32 bits" }
        let value = exponent.reduce(0) { $0 << 8 | UInt64($1) }
        guard value >= 65537, value & 1 == 1 else { return "the rsa exponent must be odd and at least 65537" }
        return hasROCAFingerprint(modulus) ? "the rsa modulus has the fingerprint of ROCA" : nil
    }

    /// True where the modulus is, for each small prime, a power of 65,537: so are all moduli of the weak generator,
    /// and one in 2^27 of others.
    static func hasROCAFingerprint(_ modulus: [UInt8]) -> Bool {
        for prime in fingerprintPrimes {
            let residue = modulus.reduce(UInt32(0)) { ($0 << 8 | UInt32($1)) % prime }
            guard powers(of: 65537 % prime, modulo: prime).contains(residue) else { return false }
        }
        return true
    }

    private static func powers(of base: UInt32, modulo prime: UInt32) -> Set<UInt32> {
        var powers: Set<UInt32> = []
        var power: UInt32 = 1
        while powers.insert(power).inserted { power = power * base % prime }
        return powers
    }

    private static let fingerprintPrimes: [UInt32] = [
        11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157,
    ]
}
