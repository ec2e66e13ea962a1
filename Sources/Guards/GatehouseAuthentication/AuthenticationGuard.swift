public import GatehouseConfiguration
internal import GatehouseCore
public import GatehouseGuards
internal import HTTPWire
internal import NIOCore

/// Finds out who the caller is, refuses callers that must be known and are not, and tells the backend.
///
/// Refuses: bad credentials, even where none is needed; several at once; tokens whose key or certificate is not at hand; callers
/// without the scopes of the place (403); sign-ins that are too weak or too old (RFC 9470).
/// Cost: a verified credential is remembered by its hash; a request with a known one costs one hash and one look-up.
public struct AuthenticationGuard: Guard {
    /// The name in the configuration and in events.
    public let name = "authentication"
    /// The phases that it wants.
    public let phases: GuardPhases

    private let settings: AuthenticationGuardSettings
    private let accepted: AcceptedCredentials
    private let verifier: CredentialVerifier
    private let proofs: ProofChecker
    private let challenges: ChallengeWriter
    private let forwarder: IdentityForwarder
    private let door: SessionDoor?

    /// Makes the guard of a place.
    ///
    /// - Parameter service: the service's name: the realm, and the audience of the forwarded identity unless the settings say another.
    /// - Throws: what is wrong with files of keys or credentials.
    public init(_ settings: AuthenticationGuardSettings, service: String, ground: AuthenticationGround) throws {
        self.settings = settings
        let accepted = AcceptedCredentials(
            tokens: !settings.issuers.isEmpty || !settings.house.audiences.isEmpty, passwords: settings.basic.file != nil,
            keyField: settings.apiKeys.isAccepted ? settings.apiKeys.header.name : nil, certificates: !settings.certificates.isEmpty,
            sessions: settings.session != nil)
        self.accepted = accepted
        verifier = try CredentialVerifier(settings, ground: ground)
        proofs = ProofChecker(settings.dpop, replays: ground.replays(capacity: settings.dpop.replayEntries), nonces: ground.nonces)
        challenges = ChallengeWriter(settings, accepting: accepted, realm: service, nonces: ground.nonces)
        forwarder = IdentityForwarder(
            settings.identity, service: service, keyField: accepted.keyField, signer: ground.signer)
        door = settings.session.map { SessionDoor($0, ground: ground) }
        phases = door == nil ? .requestHead : [.requestHead, .requestBody]
    }

    /// Looks at the request's credential.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        let now = exchange.services.clock.wall / 1_000_000_000
        if let door, let place = door.place(of: exchange), let loop = exchange.eventLoop {
            if let answer = door.answer(place, exchange, on: loop) { return answer }
            exchange.needsRequestBody(RequestBodyDemand(limit: 64 * 1024, longer: .refuse))
            return .pass
        }
        do throws(CredentialFault) {
            guard let presented = try PresentedCredential.find(in: exchange, accepting: accepted) else {
                if settings.require == .optional { return .pass }
                throw CredentialFault(.missing, "missing", "no credential was shown")
            }
            switch verifier.verify(presented, exchange, at: now) {
            case .verified(let credential): return try admit(credential, presented, exchange, now)
            case .refused(let fault): throw fault
            case .later(let future): return wait(for: future, presented, exchange)
            }
        } catch {
            return refuse(error, presented: nil, exchange, now)
        }
    }

    /// Takes the notice of a provider that sessions have ended.
    public func requestBody(_ exchange: Exchange) -> Verdict {
        guard let door, door.place(of: exchange) == .notice, let loop = exchange.eventLoop else { return .pass }
        return door.notice(exchange, on: loop)
    }

    private func wait(
        for future: EventLoopFuture<Result<VerifiedCredential, CredentialFault>>, _ presented: PresentedCredential, _ exchange: Exchange
    ) -> Verdict {
        .wait(
            future.assumeIsolated().map { result in
                let now = exchange.services.clock.wall / 1_000_000_000
                do throws(CredentialFault) {
                    return try admit(result.get(), presented, exchange, now)
                } catch {
                    return refuse(error, presented: presented, exchange, now)
                }
            }.nonisolated())
    }

    private func refuse(_ fault: CredentialFault, presented: PresentedCredential?, _ exchange: Exchange, _ now: Int64) -> Verdict {
        var fault = fault
        if case .proven = presented { fault.usesProof = true }
        if case .session = presented, settings.require == .optional, fault.kind == .missing { return .pass }
        if let door, fault.kind == .missing || fault.kind == .stepUp,
            let redirect = door.redirect(exchange, stepUp: settings.stepUp.isAsked ? settings.stepUp : nil, at: now)
        {
            return redirect
        }
        return .refuse(challenges.refusal(fault, at: now))
    }

    /// Lets a verified credential in where the place allows it.
    private func admit(
        _ credential: VerifiedCredential, _ presented: PresentedCredential, _ exchange: Exchange, _ now: Int64
    ) throws(CredentialFault) -> Verdict {
        switch presented {
        case .bearer(let token): try proofs.check(credential, token: token, isProven: false, exchange, at: now)
        case .proven(let token): try proofs.check(credential, token: token, isProven: true, exchange, at: now)
        case .basic, .apiKey, .certificate: break
        case .session: try checkOrigin(exchange)
        }
        let identity = credential.identity
        try checkScopes(identity)
        try checkStepUp(identity, now)
        exchange.identity = identity
        exchange.principal = identity.subject
        if settings.mode == .enforce { forwarder.forward(credential, exchange, at: now) }
        return .pass
    }

    /// A cookie comes with whatever a browser sends, also for other sites: unsafe requests must be our own pages'.
    private func checkOrigin(_ exchange: Exchange) throws(CredentialFault) {
        let isRead = exchange.request.method.isSafe && !exchange.request.fields.contains(.upgrade)
        guard isRead || SessionDoor.isOwn(exchange) else {
            throw CredentialFault(.foreign, "csrf", "another site made a browser send an unsafe request with its session")
        }
    }

    private func checkScopes(_ identity: CallerIdentity) throws(CredentialFault) {
        for scope in settings.scopes where !identity.scopes.contains(scope.description) {
            throw CredentialFault(.scope, "scope", "`\(identity.subject)` lacks the scope `\(scope)`")
        }
    }

    private func checkStepUp(_ identity: CallerIdentity, _ now: Int64) throws(CredentialFault) {
        let wanted = settings.stepUp
        guard wanted.isAsked else { return }
        if !wanted.contexts.isEmpty, !wanted.contexts.contains(identity.authenticationContext) {
            throw CredentialFault(.stepUp, "step_up_acr", "`\(identity.subject)` signed in as `\(identity.authenticationContext)`")
        }
        if let age = wanted.maximumAge {
            guard let time = identity.authenticatedAt, now - time <= age.components.seconds else {
                throw CredentialFault(.stepUp, "step_up_age", "`\(identity.subject)` signed in too long ago, or nobody knows when")
            }
        }
    }
}
