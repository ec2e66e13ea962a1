internal import StrictJSON

/// A JSON Pointer in which `*` stands for every element or member.
struct JSONPattern: Sendable, Equatable {
    private let tokens: [String]

    /// Reads the pattern.
    ///
    /// - Throws: ``AuthorizationFault``.
    init(_ text: String) throws(AuthorizationFault) {
        do throws(JSONError) {
            tokens = try JSONPointer(parsing: text).tokens
        } catch {
            throw AuthorizationFault(error.reason)
        }
    }

    /// The pointers that lead somewhere in a value, later elements of an array first, so that each can be removed in turn.
    func places(in value: JSONValue) -> [JSONPointer] {
        var found: [(pointer: JSONPointer, value: JSONValue)] = [(JSONPointer(), value)]
        for token in tokens {
            found = found.flatMap { pointer, value -> [(pointer: JSONPointer, value: JSONValue)] in
                switch value {
                case .array(let elements) where token == "*":
                    return elements.enumerated().reversed().map { (pointer.appending($0), $1) }
                case .object(let members) where token == "*": return members.map { (pointer.appending($0.key), $0.value) }
                default:
                    return value[JSONPointer([token])].map { [(pointer.appending(token), $0)] } ?? []
                }
            }
        }
        return found.map(\.pointer)
    }
}
