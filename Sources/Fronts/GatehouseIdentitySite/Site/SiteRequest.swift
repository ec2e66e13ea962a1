/// A request to the provider, as the gateway hands it over.
public struct SiteRequest: Sendable {
    /// The method.
    public var method: String
    /// The path, without the query.
    public var path: String
    /// The query, without the question mark; empty for none.
    public var query: String
    /// The body.
    public var body: [UInt8]
    /// The true client's network, such as `203.0.113.0/24`.
    public var network: String
    /// The fields that matter, names in lower case.
    public var fields: [String: [String]]

    /// A request of its parts.
    ///
    /// - Parameter fields: by lower-case name, each line for itself.
    public init(
        method: String, path: String, query: String = "", body: [UInt8] = [], network: String = "", fields: [String: [String]] = [:]
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.network = network
        self.fields = fields
    }

    /// Names of the fields that the provider reads.
    public static let fieldNames = ["authorization", "content-type", "cookie", "dpop", "origin", "sec-fetch-site", "user-agent"]

    subscript(name: String) -> String? { fields[name]?.first }

    /// Cookies by name; of several with one name the first counts.
    var cookies: [String: String] {
        var found: [String: String] = [:]
        for line in fields["cookie"] ?? [] {
            for pair in line.split(separator: ";") {
                let trimmed = pair.drop { $0 == " " }
                guard let mark = trimmed.firstIndex(of: "=") else { continue }
                let name = String(trimmed[..<mark])
                if found[name] == nil { found[name] = String(trimmed[trimmed.index(after: mark)...]) }
            }
        }
        return found
    }
}
