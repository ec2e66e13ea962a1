import CryptoExtras
import StrictJSON

extension VectorCase {
    /// Runs the test by its group's type.
    ///
    /// - Throws: whatever the algorithm throws when it refuses.
    func verdict() throws -> VectorVerdict {
        if algorithm == "ACVP-AES-FF1" { return try formatPreservingText() }
        guard let type = group["type"]?.string else { return .unsupported("a group without a type") }
        switch type {
        case "AeadTest": return try authenticatedEncryption()
        case "DaeadTest": return try deterministicEncryption()
        case "KeywrapTest": return try keyWrap()
        case "HkdfTest": return try keyDerivation()
        case "PbkdfTest": return try passwordDerivation()
        case "MacTest": return try messageCode()
        case "MacWithIvTest": return try messageCodeWithNonce()
        case "IndCpaTest": return try blockChaining()
        case "FpeListTest": return try formatPreservingList()
        case "FpeStrTest": return try formatPreservingText()
        case "EcdsaVerify": return try ellipticSignature(isDER: true)
        case "EcdsaP1363Verify": return try ellipticSignature(isDER: false)
        case "EcdhTest", "EcdhEcpointTest", "EcdhPemTest", "EcdhWebcryptoTest": return try ellipticAgreement(type)
        case "EddsaVerify": return try edwardsSignature()
        case "XdhComp", "XdhAsnComp", "XdhPemComp", "XdhJwkComp": return try montgomeryAgreement(type)
        case "RsassaPkcs1Verify": return try rsaSignature(padding: .insecurePKCS1v1_5)
        case "RsassaPssVerify": return try rsaPSS()
        case "RsassaPkcs1Generate": return try rsaSigning()
        case "RsaesOaepDecrypt": return try rsaOAEP()
        case "RsaesPkcs1Decrypt": return try rsaDecryption()
        case "MlDsaVerify": return try latticeSignature()
        case "MlDsaSign": return try latticeSigning()
        case "MLKEMTest": return try latticeDecapsulation()
        case "MLKEMKeyGen", "MLKEMKeyGenTest": return try latticeKeyGeneration()
        case "MLKEMEncapsTest": return try latticeEncapsulation()
        default: return .unsupported("no algorithm of type `\(type)`")
        }
    }

    var unsupportedAlgorithm: VectorVerdict { .unsupported("no algorithm `\(algorithm)`") }
}
