internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards

/// Turns faults into answers: the status and `WWW-Authenticate` of RFC 6750, 7617, 9449, 9470 and 9728.
struct ChallengeWriter: Sendable {
    private let accepted: AcceptedCredentials
    private let settings: AuthenticationGuardSettings
    private let realm: String
    private let scope: String
    private let metadata: String
    private let nonces: ProofNonces

    /// Answers for one place.
    init(_ settings: AuthenticationGuardSettings, accepting accepted: AcceptedCredentials, realm: String, nonces: ProofNonces) {
        self.accepted = accepted
        self.settings = settings
        self.nonces = nonces
        self.realm = Self.quoted(realm)
        scope = settings.scopes.map(\.description).joined(separator: " ")
        metadata = settings.resource.map { ResourceMetadata.address(of: $0) } ?? ""
    }

    /// The refusal of a request for its fault.
    func refusal(_ fault: CredentialFault, at now: Int64) -> Refusal {
        Refusal(
            Problem(status: Self.status(fault.kind), detail: detail(fault.kind)), rule: fault.rule, reason: fault.reason,
            severity: severity(fault.kind), fields: fields(fault, now))
    }

    private static func status(_ kind: CredentialFault.Kind) -> Int {
        switch kind {
        case .malformed: 400
        case .missing, .invalid, .proof, .nonce, .stepUp: 401
        case .scope, .foreign: 403
        case .unavailable, .busy: 503
        }
    }

    private func severity(_ kind: CredentialFault.Kind) -> Severity {
        switch kind {
        case .missing, .nonce, .stepUp: .informational
        case .invalid, .proof, .malformed, .foreign: .medium
        case .scope, .busy: .low
        case .unavailable: .high
        }
    }

    private func detail(_ kind: CredentialFault.Kind) -> String? {
        switch kind {
        case .missing: "Credentials are needed."
        case .scope: "The credential does not allow this."
        case .stepUp: "A new or stronger sign-in is needed."
        case .unavailable, .busy: "Credentials cannot be checked now. Try again."
        default: nil
        }
    }

    private func fields(_ fault: CredentialFault, _ now: Int64) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        if fault.retryAfter > 0 { fields.append(("retry-after", String(fault.retryAfter))) }
        guard ![.unavailable, .busy, .foreign].contains(fault.kind) else { return fields }
        for challenge in challenges(fault) { fields.append(("www-authenticate", challenge)) }
        if fault.kind == .nonce { fields.append(("dpop-nonce", nonces.current(at: now))) }
        return fields
    }

    private func challenges(_ fault: CredentialFault) -> [String] {
        var list: [String] = []
        if accepted.tokens {
            if !settings.dpop.isRequired, !fault.usesProof { list.append(token("Bearer", fault)) }
            if settings.dpop.isRequired || fault.usesProof { list.append(token("DPoP", fault) + ", algs=\"\(Self.proofAlgorithms)\"") }
        }
        if accepted.passwords { list.append("Basic realm=\(realm), charset=\"UTF-8\"") }
        if let field = accepted.keyField { list.append("ApiKey realm=\(realm), header=\(Self.quoted(field))") }
        if list.isEmpty, accepted.sessions { list.append("Session realm=\(realm)") }
        if list.isEmpty, accepted.certificates { list.append("Certificate realm=\(realm)") }
        return list
    }

    private func token(_ scheme: String, _ fault: CredentialFault) -> String {
        var parts = ["\(scheme) realm=\(realm)"]
        if !metadata.isEmpty { parts.append("resource_metadata=\(Self.quoted(metadata))") }
        if let error = Self.error(fault.kind) {
            parts.append("error=\"\(error)\"")
            if let text = Self.text(fault) { parts.append("error_description=\"\(text)\"") }
        }
        if fault.kind == .stepUp {
            let contexts = settings.stepUp.contexts.joined(separator: " ")
            if !contexts.isEmpty { parts.append("acr_values=\(Self.quoted(contexts))") }
            if let age = settings.stepUp.maximumAge { parts.append("max_age=\"\(age.components.seconds)\"") }
        }
        if !scope.isEmpty, fault.kind == .missing || fault.kind == .scope { parts.append("scope=\(Self.quoted(scope))") }
        return parts.joined(separator: ", ")
    }

    private static func error(_ kind: CredentialFault.Kind) -> String? {
        switch kind {
        case .malformed: "invalid_request"
        case .invalid: "invalid_token"
        case .proof: "invalid_dpop_proof"
        case .nonce: "use_dpop_nonce"
        case .scope: "insufficient_scope"
        case .stepUp: "insufficient_user_authentication"
        case .missing, .unavailable, .busy, .foreign: nil
        }
    }

    private static func text(_ fault: CredentialFault) -> String? {
        if fault.isExpired { return "The access token expired" }
        return switch fault.kind {
        case .stepUp: "A different authentication level is required"
        case .scope: "The access token lacks a scope"
        default: nil
        }
    }

    /// A quoted string of RFC 9110, section 5.6.4; other characters than visible ASCII and spaces are left out.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for byte in text.utf8 where (0x20...0x7E).contains(byte) {
            if byte == 0x22 || byte == 0x5C { result += "\\" }
            result.unicodeScalars.append(Unicode.Scalar(byte))
        }
        return result + "\""
    }

    static let proofAlgorithms = "ES256 ES384 ES512 PS256 RS256 EdDSA Ed25519"
}
