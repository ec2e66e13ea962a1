internal import GatehouseGuards
internal import HTTPWire

/// A credential as it stands in a request.
enum PresentedCredential {
    /// A token of the scheme `Bearer`.
    case bearer(ArraySlice<UInt8>)
    /// A token of the scheme `DPoP`.
    case proven(ArraySlice<UInt8>)
    /// Name and password of the scheme `Basic`, in base64.
    case basic(ArraySlice<UInt8>)
    /// An API key.
    case apiKey(ArraySlice<UInt8>)
    /// The connection's client certificate.
    case certificate(TLSFacts)
    /// The cookie of a browser's session.
    case session(String)

    /// The one credential of a request among those that the place accepts; `nil` for none.
    ///
    /// Refuses: several `Authorization` lines, a key beside a token, lines that are not as their scheme says.
    static func find(in exchange: Exchange, accepting accepted: AcceptedCredentials) throws(CredentialFault) -> PresentedCredential? {
        let fields = exchange.request.fields
        let key = try accepted.keyField.map { name throws(CredentialFault) in try single(name, fields) } ?? nil
        let authorization = try authorization(fields, accepted)
        if key != nil, authorization != nil { throw CredentialFault(.malformed, "two_credentials", "a key and a token at once") }
        if let key { return .apiKey(key) }
        if let authorization { return authorization }
        if accepted.certificates, let tls = exchange.connection.tls, !tls.clientCertificateHash.isEmpty { return .certificate(tls) }
        if accepted.sessions,
            let cookie = SessionCookies.value(of: SessionCookies.name(secure: exchange.isSecure), in: exchange.request.fields)
        {
            return .session(cookie)
        }
        return nil
    }

    private static func authorization(_ fields: FieldBlock, _ accepted: AcceptedCredentials) throws(CredentialFault) -> Self? {
        guard let index = fields.firstIndex(of: .authorization) else { return nil }
        let line = fields.valueBytes(at: index)
        let scheme = line.prefix { $0 != 0x20 }
        let rest = line.dropFirst(scheme.count).drop { $0 == 0x20 }
        let kind: Self? =
            if accepted.tokens, isWord(scheme, "bearer") { .bearer(rest) } else if accepted.tokens, isWord(scheme, "dpop") {
                .proven(rest)
            } else if accepted.passwords, isWord(scheme, "basic") { .basic(rest) } else { nil }
        guard fields.count(of: .authorization) == 1 else {
            throw CredentialFault(.malformed, "two_credentials", "several lines of authorization")
        }
        guard let kind else { return nil }
        guard !rest.isEmpty, rest.allSatisfy(isToken68) else {
            throw CredentialFault(.malformed, "authorization_syntax", "authorization is not a scheme and one word")
        }
        return kind
    }

    private static func single(_ name: String, _ fields: FieldBlock) throws(CredentialFault) -> ArraySlice<UInt8>? {
        guard let index = fields.firstIndex(named: name) else { return nil }
        guard fields.values(named: name).count == 1 else { throw CredentialFault(.malformed, "two_credentials", "several keys") }
        return fields.valueBytes(at: index)
    }

    private static func isWord(_ bytes: ArraySlice<UInt8>, _ word: StaticString) -> Bool {
        guard bytes.count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { word in unsafe zip(bytes, word).allSatisfy { $0 | 0x20 == $1 } }
    }

    /// RFC 9110, section 11.2.
    private static func isToken68(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x2B, 0x2F, 0x3D: true
        default: false
        }
    }
}

/// Which kinds of credentials a place looks at.
struct AcceptedCredentials: Sendable {
    /// Bearer tokens.
    var tokens = false
    /// Names and passwords.
    var passwords = false
    /// The field of API keys; `nil` where none count.
    var keyField: String?
    /// Client certificates that name a caller.
    var certificates = false
    /// Cookies of browser sessions.
    var sessions = false
}
