/// The numbers of a key, checked: what is in a value of this type can be used without further proof.
///
/// Printing one shows its type and nothing secret.
public enum KeyMaterial: Sendable, Equatable {
    /// A secret of `oct` (RFC 7518 section 6.4).
    case symmetric([UInt8])
    /// A point of `EC` on its curve, with the private scalar where there is one.
    case elliptic(Curve, x: [UInt8], y: [UInt8], d: [UInt8]?)
    /// The numbers of `RSA`.
    case rsa(RSANumbers)
    /// A key of `OKP` (RFC 8037): Ed25519 signs, X25519 agrees.
    case octetPair(OctetCurve, x: [UInt8], d: [UInt8]?)
    /// A key of `AKP`: an ML-DSA public key, with the 32-byte seed where there is one.
    case algorithmPair(ModuleLattice, pub: [UInt8], seed: [UInt8]?)

    /// The value of `kty`.
    public var keyType: String {
        switch self {
        case .symmetric: "oct"
        case .elliptic: "EC"
        case .rsa: "RSA"
        case .octetPair: "OKP"
        case .algorithmPair: "AKP"
        }
    }

    /// True for a secret shared by both sides.
    public var isSymmetric: Bool {
        if case .symmetric = self { true } else { false }
    }

    /// True where the private half is present; a symmetric key is not private but shared.
    public var isPrivate: Bool {
        switch self {
        case .symmetric: false
        case .elliptic(_, _, _, let d): d != nil
        case .rsa(let numbers): numbers.privateNumbers != nil
        case .octetPair(_, _, let d): d != nil
        case .algorithmPair(_, _, let seed): seed != nil
        }
    }

    /// The public half alone; nil for a symmetric key.
    public var publicHalf: KeyMaterial? {
        switch self {
        case .symmetric: nil
        case .elliptic(let curve, let x, let y, _): .elliptic(curve, x: x, y: y, d: nil)
        case .rsa(let numbers): .rsa(RSANumbers(modulus: numbers.modulus, exponent: numbers.exponent))
        case .octetPair(let curve, let x, _): .octetPair(curve, x: x, d: nil)
        case .algorithmPair(let algorithm, let pub, _): .algorithmPair(algorithm, pub: pub, seed: nil)
        }
    }

    /// The signature algorithms that this key could be used with; a JWK's `alg` narrows them to one.
    public var signatureAlgorithms: [SignatureAlgorithm] {
        switch self {
        case .symmetric(let secret): [.hs256, .hs384, .hs512].filter { secret.count >= $0.minimumSecretBytes }
        case .elliptic(let curve, _, _, _): [curve.signatureAlgorithm]
        case .rsa: [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]
        case .octetPair(.ed25519, _, _): [.edDSA, .ed25519]
        case .octetPair(.x25519, _, _): []
        case .algorithmPair(.mlDSA65, _, _): [.mlDSA65]
        case .algorithmPair(.mlDSA87, _, _): [.mlDSA87]
        }
    }
}

extension KeyMaterial: CustomStringConvertible, CustomReflectable {
    /// The kind of key; nothing of the key itself.
    public var description: String { "\(keyType) \(isPrivate ? "private " : "")key" }
    /// Nothing, so that no dump shows the key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A curve of RFC 8037.
public enum OctetCurve: String, Sendable, Hashable {
    /// Edwards curve, for signatures.
    case ed25519 = "Ed25519"
    /// Montgomery curve, for key agreement.
    case x25519 = "X25519"
}

/// A parameter set of ML-DSA (FIPS 204) as an `AKP` key's `alg` names it.
public enum ModuleLattice: String, Sendable, Hashable {
    /// Security category 3.
    case mlDSA65 = "ML-DSA-65"
    /// Security category 5.
    case mlDSA87 = "ML-DSA-87"

    /// Length of a public key, in bytes.
    public var publicKeyBytes: Int { self == .mlDSA65 ? 1952 : 2592 }
}

/// The numbers of an RSA key, big-endian and without leading zeros.
public struct RSANumbers: Sendable, Equatable {
    /// `n`.
    public var modulus: [UInt8]
    /// `e`.
    public var exponent: [UInt8]
    /// The private side, if known.
    public var privateNumbers: Private?

    /// `d` and the two primes.
    public struct Private: Sendable, Equatable {
        /// `d`.
        public var exponent: [UInt8]
        /// `p`; nil where only `n`, `e` and `d` were given.
        public var firstPrime: [UInt8]?
        /// `q`; nil where only `n`, `e` and `d` were given.
        public var secondPrime: [UInt8]?

        /// Private numbers as given.
        public init(exponent: [UInt8], firstPrime: [UInt8]? = nil, secondPrime: [UInt8]? = nil) {
            self.exponent = exponent
            self.firstPrime = firstPrime
            self.secondPrime = secondPrime
        }
    }

    /// Numbers as given.
    public init(modulus: [UInt8], exponent: [UInt8], privateNumbers: Private? = nil) {
        self.modulus = modulus
        self.exponent = exponent
        self.privateNumbers = privateNumbers
    }
}
