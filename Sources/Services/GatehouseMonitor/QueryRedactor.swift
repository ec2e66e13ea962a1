/// Takes the values of parameters that carry secrets out of query strings.
public struct QueryRedactor: Sendable {
    private let names: Set<String>
    private let facts: Set<String>

    /// True when the User-Agent is kept out of events.
    let hidesUserAgent: Bool

    /// A redactor for the usual names and more.
    ///
    /// - Parameters:
    ///   - more: further names of query parameters.
    ///   - headers: further header fields; of those that events hold, this is `user-agent`.
    ///   - facts: names of facts in events, such as `client`, whose values are kept out.
    public init(more: [String] = [], headers: [String] = [], facts: [String] = []) {
        names = Set(Self.usual + more.map { $0.lowercased() })
        hidesUserAgent = headers.contains { $0.lowercased() == "user-agent" }
        self.facts = Set(facts)
    }

    /// A fact's value, or `redacted` for one that is kept out.
    func fact(_ name: String, _ value: String) -> String { facts.contains(name) ? "redacted" : value }

    private static let usual = [
        "access_token", "api_key", "apikey", "assertion", "auth", "authorization", "client_secret", "code", "code_verifier", "credential",
        "id_token", "id_token_hint", "jwt", "key", "login_hint", "otp", "pass", "passwd", "password", "pwd", "refresh_token", "secret",
        "session", "sessionid", "sid", "sig", "signature", "state", "ticket", "token", "x-amz-credential", "x-amz-security-token",
        "x-amz-signature",
    ]

    /// Whether a parameter of this name carries a secret.
    func isSecret(name: String) -> Bool { names.contains(name.lowercased()) }

    /// The query with `redacted` in place of secret values; names are compared without case and with escapes undone.
    public func redacted(_ query: String) -> String {
        guard !query.isEmpty else { return query }
        return query.split(separator: "&", omittingEmptySubsequences: false).map { pair in
            let name = pair.prefix { $0 != "=" }
            guard name.endIndex < pair.endIndex, names.contains(decoded(name)) else { return String(pair) }
            return "\(name)=redacted"
        }.joined(separator: "&")
    }

    private func decoded(_ name: Substring) -> String {
        guard name.utf8.contains(UInt8(ascii: "%")) else { return name.lowercased() }
        var bytes: [UInt8] = []
        var rest = Array(name.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(value)
                rest.removeFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self).lowercased()
    }
}
