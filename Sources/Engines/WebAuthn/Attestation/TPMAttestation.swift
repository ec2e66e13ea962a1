import Crypto
import Foundation
import JOSE
import SwiftASN1
import X509

extension AttestationClaim {
    /// The format of trusted platform modules (section 8.3): a key certified by an attestation key.
    func verifyTPM() throws(WebAuthnError) -> AttestationChain? {
        try checkMembers(["ver", "alg", "sig", "x5c", "certInfo", "pubArea"])
        guard statement["ver"]?.text == "2.0", let area = statement["pubArea"]?.bytes, let info = statement["certInfo"]?.bytes else {
            throw refusal("the tpm statement lacks a member or is not of version 2.0")
        }
        guard let key = TPMPublicArea(area), key.holds(credential.key) else { throw refusal("the tpm's public area is of another key") }
        let algorithm = try algorithm()
        guard let attest = TPMCertifyInfo(info), let name = key.name, attest.name == name else {
            throw refusal("the tpm certifies another key")
        }
        guard attest.extraData == Self.digest(signedBytes, algorithm) else { throw refusal("the tpm's statement is for another ceremony") }
        let chain = try chain()
        guard chain.leaf.verifies(try signature(), of: info, by: algorithm) else { throw refusal("the tpm attestation does not verify") }
        try checkTPMCertificate(chain.leaf)
        return chain
    }

    private static func digest(_ bytes: [UInt8], _ algorithm: COSEAlgorithm) -> [UInt8] {
        switch algorithm {
        case .es384: [UInt8](SHA384.hash(data: bytes))
        case .es512, .edDSA: [UInt8](SHA512.hash(data: bytes))
        case .es256, .rs256: sha256(bytes)
        }
    }

    /// The requirements of section 8.3.1.
    private func checkTPMCertificate(_ leaf: AttestationCertificate) throws(WebAuthnError) {
        let certificate = leaf.certificate
        guard certificate.version == .v3, certificate.subject.isEmpty, !leaf.isAuthority,
            certificate.extensions[oid: [2, 5, 29, 19]] != nil
        else { throw refusal("the attestation key's certificate is not as required") }
        guard let usage = try? certificate.extensions.extendedKeyUsage, usage.contains(where: { $0 == Self.attestationKeyUsage }) else {
            throw refusal("the attestation key's certificate is for another use")
        }
        guard let names = try? certificate.extensions.subjectAlternativeNames, names.contains(where: Self.namesTPM) else {
            throw refusal("the attestation key's certificate does not name its tpm")
        }
        guard leaf.namesModel(credential.aaguid) else { throw refusal("the attestation certificate names another model") }
    }

    /// `tcg-kp-AIKCertificate`.
    private static let attestationKeyUsage = ExtendedKeyUsage.Usage(oid: [2, 23, 133, 8, 3])

    /// Manufacturer, model and version of the TPM.
    private static func namesTPM(_ name: GeneralName) -> Bool {
        guard case .directoryName(let directory) = name else { return false }
        let types = Set(directory.flatMap { Array($0) }.map(\.type))
        return types.isSuperset(of: [[2, 23, 133, 2, 1], [2, 23, 133, 2, 2], [2, 23, 133, 2, 3]])
    }
}

/// Takes big-endian numbers and sized buffers from a TPM structure.
private struct TPMReader {
    let bytes: [UInt8]
    var position = 0

    mutating func take(_ count: Int) -> [UInt8]? {
        guard count <= bytes.count - position else { return nil }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func number(_ count: Int) -> Int? { take(count)?.reduce(0) { $0 << 8 | Int($1) } }
    mutating func sized() -> [UInt8]? { number(2).flatMap { take($0) } }
    var isAtEnd: Bool { position == bytes.count }
}

/// `TPMT_PUBLIC` of the TPM 2.0 library, part 2 section 12.2.4, as far as credentials need it.
struct TPMPublicArea {
    private enum Key {
        case rsa(modulus: [UInt8], exponent: [UInt8])
        case elliptic(Curve, x: [UInt8], y: [UInt8])
    }

    private let bytes: [UInt8]
    private let nameAlgorithm: Int
    private let key: Key

    init?(_ bytes: [UInt8]) {
        var reader = TPMReader(bytes: bytes)
        guard let type = reader.number(2), let nameAlgorithm = reader.number(2), reader.number(4) != nil, reader.sized() != nil else {
            return nil
        }
        let found: Key? = type == 0x0001 ? Self.rsa(&reader) : type == 0x0023 ? Self.elliptic(&reader) : nil
        guard let found, reader.isAtEnd else { return nil }
        self.bytes = bytes
        self.nameAlgorithm = nameAlgorithm
        key = found
    }

    /// The algorithm's number before the digest of the whole; nil for digests other than SHA-256, SHA-384 and SHA-512.
    var name: [UInt8]? {
        switch nameAlgorithm {
        case 0x000B: bigEndian(UInt16(nameAlgorithm)) + sha256(bytes)
        case 0x000C: bigEndian(UInt16(nameAlgorithm)) + [UInt8](SHA384.hash(data: bytes))
        case 0x000D: bigEndian(UInt16(nameAlgorithm)) + [UInt8](SHA512.hash(data: bytes))
        default: nil
        }
    }

    func holds(_ credential: COSEKey) -> Bool {
        switch (key, credential.material) {
        case (.rsa(let modulus, let exponent), .rsa(let numbers)): modulus == numbers.modulus && exponent == numbers.exponent
        case (.elliptic(let curve, let x, let y), .elliptic(let theirs, let otherX, let otherY, _)):
            curve == theirs && x == otherX && y == otherY
        default: false
        }
    }

    private static let null = 0x0010

    /// Passes over a symmetric definition: none, or an algorithm with key bits and mode.
    private static func skipSymmetric(_ reader: inout TPMReader) -> Bool {
        guard let algorithm = reader.number(2) else { return false }
        return algorithm == null || reader.take(4) != nil
    }

    /// Passes over a signature scheme or key derivation: none, or an algorithm with a hash.
    private static func skipScheme(_ reader: inout TPMReader) -> Bool {
        guard let algorithm = reader.number(2) else { return false }
        return algorithm == null || reader.take(2) != nil
    }

    /// An exponent of 0 stands for 65,537.
    private static func rsa(_ reader: inout TPMReader) -> Key? {
        guard skipSymmetric(&reader), skipScheme(&reader), let bits = reader.number(2), let exponent = reader.number(4),
            let modulus = reader.sized(), modulus.count * 8 == bits
        else { return nil }
        let value = bigEndian(UInt32(exponent == 0 ? 65_537 : exponent)).drop { $0 == 0 }
        return .rsa(modulus: modulus, exponent: Array(value))
    }

    private static func elliptic(_ reader: inout TPMReader) -> Key? {
        guard skipSymmetric(&reader), skipScheme(&reader), let number = reader.number(2), skipScheme(&reader), let x = reader.sized(),
            let y = reader.sized()
        else { return nil }
        guard let curve = [3: Curve.p256, 4: .p384, 5: .p521][number] else { return nil }
        return .elliptic(curve, x: padded(x, curve), y: padded(y, curve))
    }

    /// TPMs may leave out leading zeros of coordinates.
    private static func padded(_ coordinate: [UInt8], _ curve: Curve) -> [UInt8] {
        [UInt8](repeating: 0, count: max(0, curve.coordinateBytes - coordinate.count)) + coordinate
    }
}

/// `TPMS_ATTEST` with a `TPMS_CERTIFY_INFO` (part 2 section 10.12.8).
struct TPMCertifyInfo {
    let extraData: [UInt8]
    let name: [UInt8]

    init?(_ bytes: [UInt8]) {
        var reader = TPMReader(bytes: bytes)
        guard reader.number(4) == 0xFF54_4347, reader.number(2) == 0x8017, reader.sized() != nil, let extraData = reader.sized(),
            reader.take(17) != nil, reader.take(8) != nil, let name = reader.sized(), reader.sized() != nil, reader.isAtEnd
        else { return nil }
        self.extraData = extraData
        self.name = name
    }
}
