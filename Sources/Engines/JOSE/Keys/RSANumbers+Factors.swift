import CryptoExtras
import FoundationEssentials
import SwiftASN1

extension RSANumbers {
    /// `dp`, `dq` and `qi`, as the cryptographic library computes them (RFC 8017 appendix A.1.2).
    func chineseRemainder() throws -> [[UInt8]]? {
        guard let key = try signingKey() else { return nil }
        return Array(try Self.integers(ofPrivateKey: [UInt8](key.derRepresentation))[6...8])
    }

    /// The numbers of a private key in PKCS #1 form.
    init(pkcs1 der: [UInt8]) throws {
        let integers = try Self.integers(ofPrivateKey: der)
        self.init(
            modulus: integers[1], exponent: integers[2],
            privateNumbers: .init(exponent: integers[3], firstPrime: integers[4], secondPrime: integers[5]))
    }

    private static func integers(ofPrivateKey der: [UInt8]) throws -> [[UInt8]] {
        try DER.sequence(try DER.parse(der), identifier: .sequence) { nodes in
            var integers: [[UInt8]] = []
            while let node = nodes.next() { integers.append([UInt8](try ArraySlice<UInt8>(derEncoded: node).drop { $0 == 0 })) }
            guard integers.count == 9 else { throw JOSEError(.invalidKey, "an rsa private key has nine numbers") }
            return integers
        }
    }
}
