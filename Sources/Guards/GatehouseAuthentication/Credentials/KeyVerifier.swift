internal import Crypto
internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseGuards

/// Knows API keys by their hashes.
struct KeyVerifier: Sendable {
    private let known: [CacheKey: VerifiedCredential]

    /// The keys of a file.
    init(_ file: CredentialFile?) {
        var known: [CacheKey: VerifiedCredential] = [:]
        for entry in file?.entries ?? [] {
            guard let hash = CacheKey(hexadecimal: entry.hash.dropFirst(7)) else { continue }
            known[hash] = VerifiedCredential(
                CallerIdentity(entry, credential: .apiKey), expires: entry.expires ?? .max)
        }
        self.known = known
    }

    /// The caller that a key stands for.
    func verify(_ key: ArraySlice<UInt8>, at now: Int64) throws(CredentialFault) -> VerifiedCredential {
        guard (16...512).contains(key.count) else { throw CredentialFault(.invalid, "api_key", "the key has \(key.count) bytes") }
        guard let credential = known[CacheKey(SHA256.hash(data: key))] else {
            throw CredentialFault(.invalid, "api_key", "nobody has this key")
        }
        guard credential.expires > now else {
            throw CredentialFault(.invalid, "api_key", "the key of `\(credential.identity.subject)` has expired")
        }
        return credential
    }
}

extension CacheKey {
    /// The hash that 64 hexadecimal digits spell.
    init?(hexadecimal text: Substring) {
        guard text.utf8.count == 64, let first = UInt128(text.prefix(32), radix: 16), let second = UInt128(text.suffix(32), radix: 16)
        else { return nil }
        self.init(high: first.byteSwapped, low: second.byteSwapped)
    }

    private init(high: UInt128, low: UInt128) {
        self.high = high
        self.low = low
    }
}

extension CallerIdentity {
    /// The caller of a line of a credential file.
    init(_ entry: CredentialFile.Entry, credential: Credential) {
        self.init(issuer: "gatehouse", subject: entry.name, credential: credential)
        scopes = entry.scopes
        groups = entry.groups
        roles = entry.roles
        expiresAt = entry.expires
    }
}
