internal import Foundation
public import GatehouseConfiguration
internal import GatehouseCore
public import GatehouseIdentity
internal import JOSE
public import Passwords
internal import StrictJSON
public import WebAuthn

extension Identity {
    /// The settings of the authorization server.
    public var identityConfiguration: IdentityConfiguration {
        var configuration = IdentityConfiguration(issuer: issuer.text)
        configuration.resources = resources.map {
            ProtectedResource(identifier: $0.identifier, scopes: Set($0.scopes), format: $0.format == .jwt ? .jwt : .opaque)
        }
        configuration.scopes = Set(scopes)
        configuration.codeLifetime = tokens.code.components.seconds
        configuration.accessTokenLifetime = tokens.access.components.seconds
        configuration.idTokenLifetime = tokens.id.components.seconds
        configuration.refreshTokenLifetime = tokens.refresh.components.seconds
        configuration.grantLifetime = tokens.grant.components.seconds
        configuration.deviceCodeLifetime = tokens.deviceCode.components.seconds
        configuration.signingKeyLifetime = tokens.signingKey.components.seconds
        configuration.signingKeyLead = tokens.signingKeyLead.components.seconds
        configuration.requiresProofNonce = tokens.requiresProofNonce
        return configuration
    }

    /// Who must have a second factor.
    public var mfaPolicy: MFAPolicy {
        var policy = MFAPolicy()
        policy.requirement =
            switch mfa.require {
            case .optional: .optional
            case .everyone: .everyone
            case .groups: .groups(Set(mfa.groups))
            }
        policy.grace = mfa.grace.components.seconds
        policy.factors = Set(mfa.factors.compactMap { MFAPolicy.Factor(rawValue: $0.rawValue) })
        policy.deviceMemory = mfa.rememberBrowser?.components.seconds ?? 0
        return policy
    }

    /// Budgets of guessing.
    public var signInPolicy: SignInPolicy {
        var policy = SignInPolicy()
        let budget = { (rate: Rate) in
            GuessBudget(capacity: Int64(rate.count), refill: max(1, rate.period.components.seconds / Int64(rate.count)))
        }
        policy.fromNetwork = budget(throttle.network)
        policy.fromStrangers = budget(throttle.account)
        policy.acrossAccounts = budget(throttle.acrossAccounts)
        policy.fromDevice = budget(throttle.knownBrowser)
        policy.oneTimeCodes = budget(throttle.codes)
        return policy
    }

    /// How passwords are hashed.
    public func hasher() throws -> PasswordHasher {
        var random = SystemRandomNumberGenerator()
        let parameters = Argon2Parameters(memoryKiB: UInt32(passwords.memory.bytes >> 10), iterations: UInt32(passwords.iterations))
        guard let hasher = PasswordHasher(parameters, using: &random) else {
            throw IdentityFailure(reason: "passwords cannot be hashed so")
        }
        return hasher
    }

    /// Which passwords may be chosen.
    public func passwordRules() throws -> PasswordRules {
        var rules = PasswordRules(blocklists: [WordBlocklist([name])])
        rules.minimumAlone = passwords.minimum
        rules.minimumWithMFA = passwords.minimumWithMFA
        if let file = passwords.breached { rules.blocklists.append(try BreachedPasswords.list(file.path)) }
        return rules
    }

    /// The relying party of passkeys; nil where the issuer's host is an address of numbers, which passkeys cannot be bound to.
    public var relyingParty: RelyingParty? {
        try? RelyingParty(id: issuer.host, name: name, origins: [(issuer.isSecure ? "https://" : "http://") + issuer.authority])
    }

    /// The look and words of the pages.
    public func siteSettings() throws -> SiteSettings {
        var site = SiteSettings()
        site.name = name
        site.offersPasswordReset = mail != nil
        site.personalTokenScopes = personalTokenScopes.isEmpty ? Set(resources.flatMap(\.scopes)).sorted() : personalTokenScopes
        site.theme.accent = theme.accent.description
        site.theme.accentOnDark = theme.accentOnDark.description
        site.theme.radius = theme.radius
        site.theme.mode = Theme.Mode(rawValue: theme.mode.rawValue) ?? .auto
        site.theme.logo = try theme.logo.map { try Self.logo($0.path) }
        if let strings { site.catalogue = try Self.catalogue(strings.path) }
        return site
    }

    private static func logo(_ path: String) throws -> Theme.Logo {
        let types = ["png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "svg": "image/svg+xml"]
        guard let type = types[(path.split(separator: ".").last ?? "").lowercased()], let data = FileManager.default.contents(atPath: path),
            data.count <= 1 << 20
        else { throw IdentityFailure(reason: "the logo `\(path)` is no png, jpg, webp or svg of at most 1 MiB") }
        return Theme.Logo(bytes: [UInt8](data), mediaType: type)
    }

    /// Reads the words of a file.
    ///
    /// Refuses: phrases that there are none of, and texts that lack a value.
    private static func catalogue(_ path: String) throws -> Catalogue {
        guard let data = FileManager.default.contents(atPath: path), let object = (try? JSONValue(parsing: [UInt8](data)))?.object else {
            throw IdentityFailure(reason: "the words in `\(path)` are no json object")
        }
        var words: [Phrase: String] = [:]
        for member in object where member.key != "language" {
            guard let phrase = Phrase(rawValue: member.key) else {
                throw IdentityFailure(reason: "`\(path)` has the unknown phrase `\(member.key)`")
            }
            guard let text = member.value.string else {
                throw IdentityFailure(reason: "the phrase `\(member.key)` in `\(path)` is no text")
            }
            words[phrase] = text
        }
        return Catalogue(language: object["language"]?.string ?? "en", replacing: words)
    }
}

/// Why the provider cannot be made from its settings.
public struct IdentityFailure: Error, Sendable, CustomStringConvertible {
    /// The reason.
    public let reason: String

    /// A failure with its reason.
    public init(reason: String) { self.reason = reason }

    /// The reason.
    public var description: String { reason }
}
