/// A request method (RFC 9110, section 9; RFC 5789 for PATCH); case-sensitive.
public enum HTTPMethod: Sendable, Hashable {
    case get, head, post, put, patch, delete, options, connect, trace
    /// Any other token, as sent.
    case other(String)

    /// The method of this name; names are case-sensitive, so `get` is an other method than `GET`.
    public init(_ name: String) {
        self = Self.registered.first { $0.name == name } ?? .other(name)
    }

    /// The name on the wire.
    public var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .connect: "CONNECT"
        case .trace: "TRACE"
        case .other(let name): name
        }
    }

    /// True for methods whose repetition has the effect of one (RFC 9110, section 9.2.2).
    public var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options, .trace: true
        default: false
        }
    }

    /// True for methods that only read (RFC 9110, section 9.2.1).
    public var isSafe: Bool {
        switch self {
        case .get, .head, .options, .trace: true
        default: false
        }
    }

    private static let registered: [HTTPMethod] = [.get, .head, .post, .put, .patch, .delete, .options, .connect, .trace]
}
