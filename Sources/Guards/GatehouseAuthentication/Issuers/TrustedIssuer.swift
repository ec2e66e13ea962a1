internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
internal import JOSE
internal import NIOCore
internal import StrictJSON
internal import Synchronization

/// Verifies the tokens of one outside issuer as one place's settings say.
final class TrustedIssuer: Sendable {
    /// `iss`.
    let name: String
    private let settings: TokenIssuerSettings
    private let keys: Keys
    private let policy: JWTPolicy
    private let algorithms: Set<SignatureAlgorithm>
    private let claims: ClaimReader
    private let prepared = Mutex<(generation: Int, verifier: JWTVerifier)?>(nil)

    private enum Keys: Sendable {
        case fixed(JSONWebKeySet)
        case fetched(IssuerKeys)
    }

    /// An issuer whose keys are fetched.
    ///
    /// - Parameter keys: makes, or finds, the keys of a source.
    /// - Throws: what is wrong with a file of keys.
    init(_ settings: TokenIssuerSettings, keys: (KeySource) -> IssuerKeys) throws {
        self.settings = settings
        name = settings.issuer.description
        algorithms = Set(settings.algorithms.compactMap { SignatureAlgorithm(rawValue: $0.rawValue) })
        var policy = JWTPolicy(issuer: name, audiences: Set(settings.audiences), types: Set(settings.types))
        policy.skew = settings.clockSkew
        policy.requiredClaims = ["sub"]
        self.policy = policy
        claims = ClaimReader(settings)
        if let file = settings.keysFile {
            self.keys = .fixed(try Self.read(file))
            _ = try verifier()
        } else {
            self.keys = .fetched(keys(KeySource(settings)))
        }
    }

    /// What comes of a token.
    enum Outcome {
        case verified(VerifiedCredential)
        case refused(CredentialFault)
        /// A key is missing that may be fetched.
        case keyMissing(CredentialFault)
    }

    /// Verifies a token with the keys at hand.
    func verify(_ token: [UInt8], at now: Int64) -> Outcome {
        do {
            guard let verifier = try verifier() else {
                var fault = CredentialFault(.unavailable, "keys_unavailable", "there are no keys of `\(name)` yet")
                fault.retryAfter = 5
                return .keyMissing(fault)
            }
            let verified = try verifier.verify(token, at: NumericDate(seconds: Double(now)))
            return .verified(try claims.credential(verified, skew: policy.skew))
        } catch let fault as CredentialFault {
            return .refused(fault)
        } catch let error as JOSEError {
            let fault = Self.fault(error, name)
            return error.code == .noMatchingKey ? .keyMissing(fault) : .refused(fault)
        } catch {
            return .refused(CredentialFault(.invalid, "token", "a token of `\(name)` does not verify"))
        }
    }

    /// Waits for keys; `nil` where no better ones can be had now.
    func wait(on loop: any EventLoop) -> EventLoopFuture<Void>? {
        guard case .fetched(let keys) = keys else { return nil }
        return keys.wait(on: loop)
    }

    private static func fault(_ error: JOSEError, _ issuer: String) -> CredentialFault {
        var fault = CredentialFault(.invalid, "token_\(error.code.rawValue.snakeCase)", "token of `\(issuer)`: \(error.reason)")
        fault.isExpired = error.code == .expired
        return fault
    }

    /// The verifier of the set in force.
    private func verifier() throws -> JWTVerifier? {
        switch keys {
        case .fixed(let set): return try prepared(1) { set }
        case .fetched(let keys):
            let generation = keys.generation
            guard generation > 0 else { return nil }
            return try prepared(generation) { keys.current?.set }
        }
    }

    private func prepared(_ generation: Int, _ set: () -> JSONWebKeySet?) throws -> JWTVerifier? {
        if let known = prepared.withLock({ $0 }), known.generation == generation { return known.verifier }
        guard let set = set() else { return nil }
        let verifier = try JWTVerifier(set, allowing: algorithms, policy: policy)
        prepared.withLock { $0 = (generation, verifier) }
        return verifier
    }

    private static func read(_ file: FilePath) throws -> JSONWebKeySet {
        do {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: file.path))
            return try KeySource.checked(JSONWebKeySet(parsing: [UInt8](bytes)))
        } catch {
            throw KeySource.Failure(description: "the keys in `\(file)` cannot be used: \(error)")
        }
    }
}

extension String {
    /// `claimMissing` as `claim_missing`.
    fileprivate var snakeCase: String {
        reduce(into: "") { text, letter in
            if letter.isUppercase { text += "_" }
            text += letter.lowercased()
        }
    }
}
