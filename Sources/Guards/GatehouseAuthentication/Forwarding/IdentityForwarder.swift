internal import GatehouseConfiguration
internal import GatehouseGuards
internal import HTTPWire
internal import StrictJSON

/// Tells the backend who the caller is, and keeps the caller's own credential from it.
struct IdentityForwarder: Sendable {
    private let settings: ForwardedIdentitySettings
    private let audience: String
    private let signer: IdentitySigner
    private let lifetime: Int64
    private let keyField: String?

    init(_ settings: ForwardedIdentitySettings, service: String, keyField: String?, signer: IdentitySigner) {
        self.settings = settings
        audience = settings.audience.isEmpty ? service : settings.audience
        self.signer = signer
        lifetime = settings.lifetime.components.seconds
        self.keyField = keyField
    }

    /// Writes the fields for the backend.
    func forward(_ credential: VerifiedCredential, _ exchange: Exchange, at now: Int64) {
        if settings.sendsToken,
            let token = credential.signedIdentity(
                for: audience, at: now, { signer.sign($0, audience: audience, lifetime: lifetime, at: now) })
        {
            exchange.backendFields.append(.gatehouseIdentity, bytes: token.text)
        }
        for header in settings.headers {
            guard let value = Self.value(header.fact, of: credential.identity), !value.isEmpty else { continue }
            exchange.backendFields.append(header.name.name, value)
        }
        if !settings.forwardsCredential { takeAway(credential.identity.credential, exchange) }
    }

    private func takeAway(_ kind: CallerIdentity.Credential, _ exchange: Exchange) {
        switch kind {
        case .bearer, .basic:
            exchange.request.fields.remove(.authorization)
            exchange.request.fields.remove(.dpop)
        case .apiKey: if let keyField { exchange.request.fields.remove(named: keyField) }
        case .session: SessionCookies.takeAway(from: &exchange.request.fields)
        case .certificate: break
        }
    }

    private static func value(_ fact: IdentityFact, of identity: CallerIdentity) -> String? {
        switch fact {
        case .subject: return identity.subject
        case .issuer: return identity.issuer
        case .client: return identity.client
        case .scopes: return identity.scopes.joined(separator: " ")
        case .groups: return identity.groups.joined(separator: ",")
        case .roles: return identity.roles.joined(separator: ",")
        case .credential: return identity.credential.rawValue
        case .claim(let name):
            guard let node = identity.claims?.root[name] else { return nil }
            return node.string ?? node.number?.text ?? node.bool.map { $0 ? "true" : "false" }
        }
    }
}
