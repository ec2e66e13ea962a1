/// The Connection field and the fields that live for one hop only (RFC 9110, section 7.6.1).
public enum ConnectionOptions {
    /// Removes what must not travel on: fields that Connection names, Connection itself, and the usual hop-by-hop ones.
    ///
    /// `te: trailers` stays out too; whoever passes on trailers adds it again.
    public static func strip(_ fields: inout FieldBlock) { strip(&fields, and: []) }

    /// Removes what must not travel on, and the fields of a set, in one pass.
    public static func strip(_ fields: inout FieldBlock, and others: KnownFieldSet) {
        if namesFields(fields) {
            for name in named(fields) where !isKept(name) { fields.remove(named: name) }
        }
        fields.removeAll(hopByHop.union(others))
    }

    /// True when the peer wants the connection to end after this message.
    public static func wantsClose(_ fields: FieldBlock, version: HTTPVersion) -> Bool {
        guard fields.contains(.connection) else { return version == .http10 }
        if fields.lists(.connection, "close") { return true }
        return version == .http10 && !fields.lists(.connection, "keep-alive")
    }

    /// Refuses a Connection that would take away fields on which framing, routing or identity rest.
    static func check(_ fields: FieldBlock) throws(WireError) {
        guard namesFields(fields) else { return }
        for name in named(fields) where isProtected(name) {
            throw WireError(.badConnection, "connection names `\(name)`")
        }
    }

    private static let hopByHop: KnownFieldSet = [
        .connection, .keepAlive, .proxyConnection, .te, .trailer, .transferEncoding, .upgrade, .http2Settings,
    ]

    /// False where Connection is missing or says no more than whether the connection goes on, which is the usual case.
    private static func namesFields(_ fields: FieldBlock) -> Bool {
        guard fields.contains(.connection) else { return false }
        return fields.count(of: .connection) > 1 || !(fields.has(.connection, "keep-alive") || fields.has(.connection, "close"))
    }

    private static func named(_ fields: FieldBlock) -> [String] {
        fields.values(of: .connection).flatMap { value in
            value.split(separator: ",").map { name in
                String(name.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }).lowercased()
            }
        }
    }

    private static func isKept(_ name: String) -> Bool { name == "close" || name == "keep-alive" || isProtected(name) }

    private static func isProtected(_ name: String) -> Bool {
        switch name {
        case "host", "content-length", "transfer-encoding", "content-type", "content-encoding", "authorization", "cookie",
            "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "origin", "dpop",
            "traceparent", "gatehouse-identity", "set-cookie", "cache-control":
            true
        default: false
        }
    }
}
