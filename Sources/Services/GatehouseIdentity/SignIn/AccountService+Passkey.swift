import Crypto
import Foundation
import GatehouseCore
import GatehouseStore
import JOSE
public import StrictJSON
public import WebAuthn

extension AccountService {
    /// What the browser needs to make a passkey for a user who is signed in.
    public func passkeyEnrolment(of user: User, party: RelyingParty) async throws -> JSONValue {
        let challenge = try await newChallenge(for: user.id)
        let known = try await store.read { try PasskeyStore.all(of: user.id, in: $0) }
        let displayed = user.claims["name"]?.string ?? user.name
        return try party.creationOptions(
            for: CredentialUser(handle: Array(user.id.utf8), name: user.name, displayName: displayed), challenge: challenge,
            excluding: known)
    }

    /// Keeps the passkey that the browser made.
    ///
    /// - Parameter name: What the user calls it.
    /// - Throws: `WebAuthnError` where the answer does not hold; ``OAuthError/Code/invalidRequest`` where the passkey is known already.
    public func enrolPasskey(_ answer: [UInt8], of user: User, name: String, party: RelyingParty) async throws {
        let response = try RegistrationResponse(parsing: answer)
        let challenge = try await takeChallenge(in: response.clientData, for: user.id)
        let now = now
        let made = try party.register(response, challenge: challenge, at: now)
        let label = String(name.prefix(64))
        guard try await store.write({ try PasskeyStore.insert(made.credential, of: user.id, name: label, at: now, in: $0) }) else {
            throw OAuthError(.invalidRequest, "the passkey is registered already")
        }
        emit("passkey_enrolled", .low, "a passkey was enrolled", user.id)
    }

    /// What the browser needs to sign someone in by passkey, whoever it is.
    public func passkeyRequest(party: RelyingParty) async throws -> JSONValue {
        party.requestOptions(challenge: try await newChallenge(for: nil))
    }

    /// Signs in whoever the passkey belongs to. It never counts against a budget: there is nothing to guess.
    ///
    /// - Parameter device: The cookie that says which device this is, if there is one.
    public func signIn(passkey answer: [UInt8], party: RelyingParty, device: String? = nil) async throws -> SignInOutcome {
        do {
            return try await verify(answer, party, device)
        } catch let error as WebAuthnError {
            emit("passkey_refused", error.code == .counterRegressed ? .high : .low, "a passkey was refused: \(error.code.rawValue)", "")
            return .refused
        } catch is ChallengeUnknown {
            return .refused
        }
    }

    private func verify(_ answer: [UInt8], _ party: RelyingParty, _ device: String?) async throws -> SignInOutcome {
        let response = try AuthenticationResponse(parsing: answer)
        let challenge = try await takeChallenge(in: response.clientData, for: nil)
        guard let (record, owner) = try await store.read({ try PasskeyStore.find(response.id, in: $0) }),
            let user = try await users.user(owner), !user.isDisabled
        else { return .refused }
        let result = try party.authenticate(
            response, challenge: challenge, credential: record, owner: Array(owner.utf8), isUserIdentified: false)
        let now = now
        guard try await store.write({ try PasskeyStore.update(result.credential, from: record.signCount, at: now, in: $0) }) else {
            return .refused
        }
        try await store.run("UPDATE identity_users SET failures = 0 WHERE id = \(owner) AND failures > 0")
        let methods = ["pop"] + (result.isUserVerified ? ["user", "mfa"] : [])
        let kept = try await isKnownDevice(device, of: owner) ? device : nil
        return .signedIn(try await signedIn(owner, methods: methods, context: contexts.last ?? "", device: kept))
    }

    // MARK: Challenges

    private func newChallenge(for user: String?) async throws -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        let challenge = RelyingParty.newChallenge(using: &random)
        let expires = now + policy.pendingLifetime
        try await store.run(
            "INSERT INTO identity_challenges (hash, user_id, expires) VALUES (\([UInt8](SHA256.hash(data: challenge))), \(user), \(expires))"
        )
        return challenge
    }

    /// The challenge that an answer names, if it is one of ours that nobody has used.
    private func takeChallenge(in clientData: [UInt8], for user: String?) async throws -> [UInt8] {
        guard let root = try? JSONDocument(clientData).root, let challenge = (root["challenge"]?.string).flatMap({ Base64URL.decode($0) })
        else {
            throw WebAuthnError(.malformed, "the client data has no challenge")
        }
        let (hash, now) = ([UInt8](SHA256.hash(data: challenge)), now)
        let owner: SQL = user.map { "user_id = \($0)" } ?? "user_id IS NULL"
        guard try await store.run("DELETE FROM identity_challenges WHERE hash = \(hash) AND expires > \(now) AND \(owner)") == 1 else {
            throw ChallengeUnknown()
        }
        return challenge
    }
}

/// A passkey answered a challenge that is not ours, was used, or is too old.
public struct ChallengeUnknown: Error, Sendable {}
