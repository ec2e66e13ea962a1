public import StrictJSON

/// One reason why a value is not valid.
public struct ValidationError: Sendable, CustomStringConvertible {
    /// The value that is wrong. For the log only: never show it to a client.
    public let value: JSONNode
    /// The keyword that refused it; empty for a schema that is `false`.
    public let keyword: String
    /// One sentence, lower case, that tells nothing of the value.
    public let message: String
    /// Pointer from the schema that was asked for to the keyword, through references, such as `/properties/a/$ref/type`.
    public let keywordLocation: String
    /// URI of the keyword, such as `http://a/b.json#/$defs/c/type`.
    public let absoluteKeywordLocation: String
    /// Why each branch of an `anyOf` or `oneOf` failed.
    public let causes: [ValidationError]

    /// Pointer to the value.
    public var instanceLocation: JSONPointer { value.location }

    /// Pointer and message.
    public var description: String { "`\(instanceLocation)`: \(message)" }
}

extension JSONNode {
    /// The pointer from the document's root to this value.
    ///
    /// Not kept with the value; found by a walk down from the root.
    public var location: JSONPointer {
        var at = 0
        var tokens: [String] = []
        while at < index {
            let isObject = document[entry: at].kind == .object
            var child = at + 1
            var place = 0
            while document.next(after: isObject ? child + 1 : child) <= index {
                child = document.next(after: isObject ? child + 1 : child)
                place += 1
            }
            tokens.append(isObject ? document.string(of: document[entry: child]) : String(place))
            // A key is named like its member.
            if isObject && child == index { break }
            at = isObject ? child + 1 : child
        }
        return JSONPointer(tokens)
    }
}
