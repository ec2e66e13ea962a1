/// A media type as `Content-Type` carries it (RFC 9110, section 8.3.1), or a range of them as OpenAPI and `Accept` write it.
///
/// Names and the value of `charset` are lower case, so equal types compare equal.
public struct MediaType: Sendable, Hashable, CustomStringConvertible {
    /// One `name=value`; the value is without quotes.
    public struct Parameter: Sendable, Hashable {
        /// Lower case.
        public let name: String
        /// As it was sent, except that `charset` is lower case.
        public let value: String
    }

    /// The first half, such as `application`; `*` in a range.
    public let type: String
    /// The second half, such as `problem+json`; `*` or `*+json` in a range.
    public let subtype: String
    /// In the order they were written; names are unique.
    public let parameters: [Parameter]

    /// Reads `type/subtype` with parameters.
    ///
    /// Refuses: characters outside the grammar, a parameter without value, a repeated parameter (two readers would take different ones).
    public init?(_ text: some StringProtocol) {
        var scanner = TokenScanner(Array(text.utf8))
        guard let type = scanner.token(), scanner.take(UInt8(ascii: "/")), let subtype = scanner.token() else { return nil }
        guard let parameters = scanner.parameters(), scanner.isAtEnd else { return nil }
        self.init(type: type, subtype: subtype, parameters: parameters)
    }

    init?(type: String, subtype: String, parameters: [(name: String, value: String)]) {
        self.type = ASCII.lowercased(type.utf8)
        self.subtype = ASCII.lowercased(subtype.utf8)
        var read: [Parameter] = []
        for (name, value) in parameters {
            let lower = ASCII.lowercased(name.utf8)
            guard !read.contains(where: { $0.name == lower }) else { return nil }
            read.append(Parameter(name: lower, value: lower == "charset" ? ASCII.lowercased(value.utf8) : value))
        }
        self.parameters = read
    }

    /// `type/subtype` without parameters.
    public var essence: String { "\(type)/\(subtype)" }

    /// The value of a parameter by its lower-case name.
    public subscript(parameter name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// The structured syntax suffix without `+` (RFC 6839), such as `json`.
    public var suffix: String? {
        subtype.lastIndex(of: "+").map { String(subtype[subtype.index(after: $0)...]) }
    }

    /// As it is written in a header.
    public var description: String {
        parameters.reduce(essence) { "\($0);\($1.name)=\($1.value.utf8.allSatisfy(ASCII.isToken) ? $1.value : "\"\($1.value)\"")" }
    }
}

extension MediaType {
    /// How exactly a documented range names a type: parameters before none, a full name before `*+suffix`, `type/*` and `*/*`.
    struct Specificity: Comparable {
        let name: Int
        let parameters: Int

        static func < (left: Specificity, right: Specificity) -> Bool {
            (left.name, left.parameters) < (right.name, right.parameters)
        }
    }

    var specificity: Specificity {
        let name = type == "*" ? (subtype == "*" ? 0 : 1) : subtype == "*" ? 2 : subtype.hasPrefix("*+") ? 3 : 4
        return Specificity(name: name, parameters: parameters.count)
    }

    /// True where this range covers the type: each of its own parameters must be there with the same value, others may be.
    public func covers(_ other: MediaType) -> Bool {
        guard type == "*" || type == other.type else { return false }
        let subtypeFits =
            subtype == "*" || subtype == other.subtype || (subtype.hasPrefix("*+") && other.suffix == String(subtype.dropFirst(2)))
        return subtypeFits && parameters.allSatisfy { other[parameter: $0.name] == $0.value }
    }
}
