/// Why a policy could not be evaluated.
public enum EvaluationError: Error, Sendable, Hashable, CustomStringConvertible {
    case type(expected: String, found: String)
    case missingAttribute(on: String, Text)
    case missingTag(EntityUID, Text)
    case missingEntity(EntityUID)
    case overflow(String)
    case wrongNumberOfArguments(ExtensionFunction, Int)
    case invalidLiteral(ExtensionFunction, Text)
    case unlinkedSlot
    /// The attribute is not known yet; see ``Entities/withUnknown(_:attributes:)``.
    case unknown(EntityUID, Text)

    /// One sentence, lower case.
    public var description: String {
        switch self {
        case .type(let expected, let found): "type error: expected \(expected), got \(found)"
        case .missingAttribute(let owner, let name): "\(owner) does not have the attribute `\(name)`"
        case .missingTag(let uid, let name): "`\(uid)` does not have the tag `\(name)`"
        case .missingEntity(let uid): "entity `\(uid)` does not exist"
        case .overflow(let operation): "integer overflow in `\(operation)`"
        case .wrongNumberOfArguments(let function, let count):
            "`\(function.rawValue)` takes \(function.argumentTypes.count) arguments, not \(count)"
        case .invalidLiteral(let function, let text): "`\(text)` is no valid argument of `\(function.rawValue)`"
        case .unlinkedSlot: "a slot is not linked"
        case .unknown(let uid, let name): "the attribute `\(name)` of `\(uid)` is not known yet"
        }
    }
}
