internal import Crypto
internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseGuards
internal import JOSE
internal import NIOCore
internal import StrictJSON

/// Finds out whom a credential stands for, as one place's settings say, and remembers it.
struct CredentialVerifier: Sendable {
    private let issuers: [TrustedIssuer]
    private let house: HouseVerifier
    private let sessions: BrowserSessions?
    private let usesStoredKeys: Bool
    private let keys: KeyVerifier
    private let passwords: PasswordVerifier
    private let certificates: CertificateVerifier
    private let cache: VerifiedCache
    private let revocations: RevocationList
    private let remembersPasswords: Int64
    private let tokenPolicy: UInt32
    private let passwordPolicy: UInt32
    private let certificatePolicy: UInt32

    /// - Throws: what is wrong with files of keys or credentials.
    init(_ settings: AuthenticationGuardSettings, ground: AuthenticationGround) throws {
        issuers = try settings.issuers.map { try TrustedIssuer($0, keys: ground.keys(of:)) }
        house = HouseVerifier(settings.house, ground: ground)
        sessions = settings.session.map(ground.sessions)
        usesStoredKeys = settings.apiKeys.usesStore
        keys = KeyVerifier(settings.apiKeys.file)
        passwords = try PasswordVerifier(settings.basic, queue: ground.queue(capacity: settings.basic.queue))
        certificates = CertificateVerifier(settings.certificates)
        cache = ground.cache(capacity: settings.cacheEntries)
        revocations = ground.revocations
        remembersPasswords = settings.basic.remember.components.seconds
        let files = try settings.issuers.compactMap { try $0.keysFile.map(FileStamp.init) }
        tokenPolicy = ground.policyNumber("tokens \(settings.issuers) \(files)")
        passwordPolicy = ground.policyNumber("passwords \(settings.basic)")
        certificatePolicy = ground.policyNumber("certificates \(settings.certificates)")
    }

    /// Whom a credential stands for.
    func verify(_ presented: PresentedCredential, _ exchange: Exchange, at now: Int64) -> CredentialOutcome {
        switch presented {
        case .bearer(let token), .proven(let token): verifyToken(token, exchange, now)
        case .apiKey(let key): verifyKey(key, exchange, now)
        case .session(let cookie): verifySession(cookie, exchange, now)
        case .basic(let pair): verifyPassword(pair, exchange, now)
        case .certificate(let tls): verifyCertificate(tls, now)
        }
    }

    private func outcome(_ verify: () throws(CredentialFault) -> VerifiedCredential) -> CredentialOutcome {
        do {
            let credential = try verify()
            guard !revocations.names(credential) else { return .refused(Self.revoked(credential)) }
            return .verified(credential)
        } catch {
            return .refused(error)
        }
    }

    // MARK: Tokens

    private func verifyToken(_ token: ArraySlice<UInt8>, _ exchange: Exchange, _ now: Int64) -> CredentialOutcome {
        let key = cache.key(token, policy: tokenPolicy)
        if let known = cache.find(key, at: now) { return .verified(known) }
        guard token.count <= JWTVerifier.defaultLimit else {
            return .refused(CredentialFault(.invalid, "token_length", "the token has \(token.count) bytes"))
        }
        let text = Array(token)
        if house.isOpaque(token) { return askHouse(token, exchange) }
        let claimed = claimedIssuer(of: text)
        if let claimed, claimed == house.issuer { return askHouse(token, exchange) }
        guard let issuer = issuer(claimed) else {
            return .refused(CredentialFault(.invalid, "token_issuer", "the token is of no issuer that is trusted here"))
        }
        switch attempt(text, issuer, key, now) {
        case .verified(let credential): return .verified(credential)
        case .refused(let fault): return .refused(fault)
        case .keyMissing(let fault):
            guard let loop = exchange.eventLoop, let wait = issuer.wait(on: loop) else { return .refused(fault) }
            return .later(
                wait.map {
                    switch attempt(text, issuer, key, now) {
                    case .verified(let credential): .success(credential)
                    case .refused(let fault), .keyMissing(let fault): .failure(fault)
                    }
                })
        }
    }

    private func attempt(_ token: [UInt8], _ issuer: TrustedIssuer, _ key: CacheKey, _ now: Int64) -> TrustedIssuer.Outcome {
        let moment = cache.moment
        let outcome = issuer.verify(token, at: now)
        guard case .verified(let credential) = outcome else { return outcome }
        guard !revocations.names(credential) else { return .refused(Self.revoked(credential)) }
        cache.insert(credential, under: key, until: min(credential.expires, now + Self.longestMemory), verifiedSince: moment)
        return outcome
    }

    /// The issuer that a token claims to be of, where that has to be known; the claim is verified afterwards in any case.
    private func claimedIssuer(of token: [UInt8]) -> String? {
        guard issuers.count > 1 || house.isAccepted else { return nil }
        let parts = token.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let claims = Base64URL.decode(Array(parts[1])) else { return nil }
        return try? JWTClaims(parsing: claims).issuer
    }

    private func issuer(_ claimed: String?) -> TrustedIssuer? {
        guard issuers.count > 1 else { return issuers.first }
        return claimed.flatMap { name in issuers.first { $0.name.utf8.elementsEqual(name.utf8) } }
    }

    private func askHouse(_ token: ArraySlice<UInt8>, _ exchange: Exchange) -> CredentialOutcome {
        guard let loop = exchange.eventLoop else { return .refused(Self.noLoop) }
        return .later(house.token(token, on: loop))
    }

    private static let noLoop = CredentialFault(.unavailable, "no_loop", "there is no event loop to wait on")

    // MARK: Others

    private func verifyKey(_ key: ArraySlice<UInt8>, _ exchange: Exchange, _ now: Int64) -> CredentialOutcome {
        let found = outcome { () throws(CredentialFault) in try keys.verify(key, at: now) }
        guard usesStoredKeys, case .refused = found, key.starts(with: Self.storedPrefix), key.count <= 512 else { return found }
        guard let loop = exchange.eventLoop else { return .refused(Self.noLoop) }
        return .later(house.key(key, on: loop))
    }

    /// What secrets of the identity store begin with.
    private static let storedPrefix = Array("gate".utf8)

    private func verifySession(_ cookie: String, _ exchange: Exchange, _ now: Int64) -> CredentialOutcome {
        guard let sessions, let loop = exchange.eventLoop else { return .refused(Self.noLoop) }
        let promise = loop.makePromise(of: Result<VerifiedCredential, CredentialFault>.self)
        promise.completeWithTask { [revocations] in
            do {
                guard let record = try await sessions.find(cookie, at: now) else {
                    return .failure(CredentialFault(.missing, "session_over", "the session of the cookie is over"))
                }
                let credential = try sessions.party.credential(record)
                return revocations.names(credential) ? .failure(Self.revoked(credential)) : .success(credential)
            } catch {
                var fault = CredentialFault(.unavailable, "store_unavailable", "sessions cannot be looked up: \(error)")
                fault.retryAfter = 5
                return .failure(fault)
            }
        }
        return .later(promise.futureResult)
    }

    private func verifyPassword(_ pair: ArraySlice<UInt8>, _ exchange: Exchange, _ now: Int64) -> CredentialOutcome {
        let key = cache.key(pair, policy: passwordPolicy)
        if let known = cache.find(key, at: now) { return .verified(known) }
        guard let loop = exchange.eventLoop else {
            return .refused(Self.noLoop)
        }
        let moment = cache.moment
        let checked = passwords.verify(pair, of: exchange.client, key: key, at: now, on: loop)
        return .later(
            checked.map { result in
                guard case .success(let credential) = result else { return result }
                guard !revocations.names(credential) else { return .failure(Self.revoked(credential)) }
                cache.insert(
                    credential, under: key, until: min(credential.expires, now + remembersPasswords), verifiedSince: moment)
                return result
            })
    }

    private func verifyCertificate(_ tls: TLSFacts, _ now: Int64) -> CredentialOutcome {
        let key = cache.key(tls.clientCertificateHash[...], policy: certificatePolicy)
        if let known = cache.find(key, at: now) { return .verified(known) }
        let moment = cache.moment
        let found = outcome { () throws(CredentialFault) in try certificates.verify(tls) }
        guard case .verified(let credential) = found else { return found }
        guard credential.expires > now else {
            return .refused(CredentialFault(.invalid, "certificate", "the client's certificate has expired"))
        }
        cache.insert(credential, under: key, until: credential.expires, verifiedSince: moment)
        return found
    }

    private static func revoked(_ credential: VerifiedCredential) -> CredentialFault {
        CredentialFault(.invalid, "revoked", "a credential of `\(credential.identity.subject)` was revoked")
    }

    /// Seconds after which even a good token is verified again, so that a key that its issuer withdrew is missed soon.
    private static let longestMemory: Int64 = 300
}

/// What tells two states of a file apart.
private struct FileStamp {
    let bytes: [UInt8]

    init(_ file: FilePath) throws { bytes = [UInt8](SHA256.hash(data: try Data(contentsOf: URL(fileURLWithPath: file.path)))) }
}
