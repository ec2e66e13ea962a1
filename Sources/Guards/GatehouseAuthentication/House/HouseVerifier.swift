internal import GatehouseConfiguration
internal import GatehouseGuards
internal import NIOCore

/// Asks the house's own provider about tokens and keys.
struct HouseVerifier: Sendable {
    private let audiences: Set<String>
    private let ground: AuthenticationGround

    init(_ settings: HouseTokenSettings, ground: AuthenticationGround) {
        audiences = Set(settings.audiences)
        self.ground = ground
    }

    /// True where its tokens count.
    var isAccepted: Bool { !audiences.isEmpty }

    /// `iss` of its signed tokens; nil where there is no provider.
    var issuer: String? { isAccepted ? ground.house?.issuer : nil }

    /// True for the form of its opaque tokens.
    func isOpaque(_ token: ArraySlice<UInt8>) -> Bool { isAccepted && token.starts(with: Self.prefix) }

    /// Asks about a token.
    func token(_ text: ArraySlice<UInt8>, on loop: any EventLoop) -> EventLoopFuture<Result<VerifiedCredential, CredentialFault>> {
        ask(on: loop) { house in
            guard let token = try await house.token(String(decoding: text, as: UTF8.self)) else {
                throw CredentialFault(.invalid, "house_token", "no token of the house that is good now")
            }
            guard audiences.contains(token.audience) else {
                throw CredentialFault(.invalid, "token_audience_mismatch", "a token of the house for `\(token.audience)`")
            }
            return VerifiedCredential(token)
        }
    }

    /// Asks about an API key.
    func key(_ text: ArraySlice<UInt8>, on loop: any EventLoop) -> EventLoopFuture<Result<VerifiedCredential, CredentialFault>> {
        ask(on: loop) { house in
            guard let holder = try await house.keyHolder(String(decoding: text, as: UTF8.self)) else {
                throw CredentialFault(.invalid, "api_key", "nobody has this key")
            }
            return VerifiedCredential(holder, expires: holder.expiresAt ?? .max)
        }
    }

    private func ask(
        on loop: any EventLoop, _ question: @escaping @Sendable (any HouseTokens) async throws -> VerifiedCredential
    ) -> EventLoopFuture<Result<VerifiedCredential, CredentialFault>> {
        let promise = loop.makePromise(of: Result<VerifiedCredential, CredentialFault>.self)
        guard let house = ground.house else {
            promise.succeed(.failure(CredentialFault(.invalid, "house_token", "the house has no provider")))
            return promise.futureResult
        }
        promise.completeWithTask {
            do {
                return .success(try await question(house))
            } catch let fault as CredentialFault {
                return .failure(fault)
            } catch {
                var fault = CredentialFault(.unavailable, "store_unavailable", "the store cannot be asked: \(error)")
                fault.retryAfter = 5
                return .failure(fault)
            }
        }
        return promise.futureResult
    }

    private static let prefix = Array("gateat_".utf8)
}
