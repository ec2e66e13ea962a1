/// Looks for the credentials that security requirements name. It sees their form, not whether they are good.
struct CredentialCheck {
    let head: RequestHead
    let query: QueryString
    let cookies: CookieHeader

    /// True where every scheme of the requirement finds its credentials; an empty requirement asks for none.
    func isMet(_ requirement: CompiledRequirement) -> Bool {
        requirement.schemes.allSatisfy { isPresent($0.kind) }
    }

    private func isPresent(_ kind: SecurityScheme.Kind) -> Bool {
        switch kind {
        case .headerKey(let name): one(head.headers.values(of: name).map { !$0.isEmpty })
        case .queryKey(let name): one(query.values(of: name).map { !$0.isEmpty })
        case .cookieKey(let name): one(cookies.pairs.filter { $0.name == name }.map { !$0.raw.isEmpty })
        case .http(let scheme): authorization(scheme)
        case .oauth2, .openIDConnect: authorization("bearer")
        case .mutualTLS: head.hasClientCertificate ?? true
        case .undefined: true
        }
    }

    /// A credential that is sent twice is none: two readers would take different ones.
    private func one(_ values: [Bool]) -> Bool { values.count == 1 && values[0] }

    private func authorization(_ scheme: String) -> Bool {
        let lines = head.headers.values(of: "authorization")
        guard lines.count == 1, let line = lines.first else { return false }
        let parts = line.utf8.split(separator: 0x20, maxSplits: 1)
        guard parts.count == 2, ASCII.equalsIgnoringCase(parts[0], scheme.utf8) else { return false }
        let credentials = ASCII.trimmed(parts[1])
        switch scheme {
        case "bearer", "basic": return !credentials.isEmpty && credentials.allSatisfy(CredentialCheck.isToken68)
        default: return !credentials.isEmpty
        }
    }

    /// RFC 9110, section 11.2: `token68`.
    private static func isToken68(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || ASCII.isDigit(byte) || "-._~+/=".utf8.contains(byte)
    }
}
