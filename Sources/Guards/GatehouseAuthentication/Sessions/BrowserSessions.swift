internal import Crypto
internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import JOSE
internal import StrictJSON
internal import Synchronization

/// The life of browser sessions at one provider: begun after a sign-in, refreshed in silence, ended by the user or the provider.
final class BrowserSessions: Sendable {
    let party: RelyingParty
    let cookies: SessionCookies
    private let ground: AuthenticationGround
    private let refreshes = Mutex<[[UInt8]: Task<SessionRecord?, Never>]>([:])
    private let logouts: ReplayStore

    init(_ settings: BrowserSessionSettings, ground: AuthenticationGround) {
        party = RelyingParty(settings, ground: ground)
        cookies = SessionCookies(secret: ground.secret)
        self.ground = ground
        logouts = ground.replays(capacity: 10_000)
    }

    private var settings: BrowserSessionSettings { party.settings }

    /// Begins a session for a code that the browser brought back.
    ///
    /// - Returns: the cookie's value.
    func begin(code: String, flow: SessionCookies.Flow, callback: String, at now: Int64) async throws -> String {
        let tokens = try await party.exchange(code: code, verifier: flow.verifier, callback: callback)
        guard let idToken = tokens.idToken else { throw RelyingParty.Failure(reason: "the provider gave no ID token") }
        let claims = try party.verify(idToken: idToken, nonce: flow.nonce, at: now).claims
        let cookie = "gatess_" + randomText()
        let record = SessionRecord(
            hash: Self.hash(cookie), issuer: settings.provider.description, client: settings.clientID, subject: claims.subject ?? "",
            providerSession: claims["sid"]?.string ?? "", claims: claims.json.root.value.bytes(), idToken: idToken,
            refreshToken: tokens.refreshToken ?? "", scopes: tokens.scopes ?? settings.scopes.map(\.description),
            refreshAt: Self.refreshTime(tokens, now), created: now, seen: now, expires: now + settings.lifetime.components.seconds)
        try await ground.vault.save(record, isNew: true)
        return cookie
    }

    /// The session of a cookie, refreshed where that is due; nil where it is over.
    func find(_ cookie: String, at now: Int64) async throws -> SessionRecord? {
        guard cookie.hasPrefix("gatess_"), cookie.utf8.count == 50 else { return nil }
        let hash = Self.hash(cookie)
        guard var record = try await ground.vault.find(hash), record.issuer == settings.provider.description,
            record.client == settings.clientID
        else { return nil }
        guard now < record.expires, now - record.seen < settings.idle.components.seconds else {
            try await ground.vault.remove(hash)
            return nil
        }
        if record.refreshAt > 0, now >= record.refreshAt {
            guard let fresh = await refreshed(record, at: now) else { return nil }
            record = fresh
        }
        if now - record.seen >= 60 {
            record.seen = now
            try await ground.vault.save(record, isNew: false)
        }
        return record
    }

    /// Ends a session; gives the record for signing out at the provider.
    func end(_ cookie: String) async throws -> SessionRecord? {
        let hash = Self.hash(cookie)
        let record = try await ground.vault.find(hash)
        try await ground.vault.remove(hash)
        return record
    }

    /// Ends the sessions that the provider's logout token names.
    ///
    /// - Returns: how many.
    func end(logoutToken: String, at now: Int64) async throws -> Int {
        let named = try party.verify(logoutToken: logoutToken, at: now)
        guard logouts.take(named.id, of: settings.provider.description, life: 720, at: now) == .fresh else {
            throw RelyingParty.Failure(reason: "the logout token was used before")
        }
        return try await ground.vault.remove(
            issuer: settings.provider.description, session: named.session, subject: named.session == nil ? named.subject : nil)
    }

    /// One refresh for all requests that come meanwhile.
    private func refreshed(_ record: SessionRecord, at now: Int64) async -> SessionRecord? {
        let task = refreshes.withLock { running in
            if let known = running[record.hash] { return known }
            let task = Task { await self.refresh(record, at: now) }
            running[record.hash] = task
            return task
        }
        let result = await task.value
        refreshes.withLock { $0[record.hash] = nil }
        return result
    }

    private func refresh(_ old: SessionRecord, at now: Int64) async -> SessionRecord? {
        // another request may have done it just before this one looked
        if let current = try? await ground.vault.find(old.hash), current.refreshAt > now { return current }
        do {
            let tokens = try await party.refresh(old.refreshToken)
            var record = old
            if let idToken = tokens.idToken {
                let claims = try party.verify(idToken: idToken, nonce: nil, at: now).claims
                guard claims.subject == old.subject else {
                    throw RelyingParty.Failure(reason: "the refreshed ID token is another subject's")
                }
                record.claims = claims.json.root.value.bytes()
                record.idToken = idToken
            }
            record.refreshToken = tokens.refreshToken ?? old.refreshToken
            record.scopes = tokens.scopes ?? old.scopes
            record.refreshAt = Self.refreshTime(tokens, now)
            try await ground.vault.save(record, isNew: false)
            return record
        } catch let failure as RelyingParty.Failure where !failure.isRefused && now < old.refreshAt + Self.grace {
            return old
        } catch {
            ground.say(.low, "session_ended", "a session of `\(old.subject)` could not be refreshed: \(error)")
            try? await ground.vault.remove(old.hash)
            return nil
        }
    }

    static func hash(_ cookie: String) -> [UInt8] { [UInt8](SHA256.hash(data: Array(cookie.utf8))) }

    /// Without a refresh token the session lives as long as its own settings say.
    private static func refreshTime(_ tokens: RelyingParty.Tokens, _ now: Int64) -> Int64 {
        guard tokens.refreshToken != nil else { return 0 }
        return now + max(30, min(tokens.expiresIn ?? 300, 86_400))
    }

    /// Seconds for which a session goes on while its provider cannot be reached.
    private static let grace: Int64 = 300
}
