/// The kinds of value a schema allows.
struct TypeSet: OptionSet, Sendable, Hashable {
    let rawValue: UInt8

    static let null = TypeSet(rawValue: 1)
    static let boolean = TypeSet(rawValue: 2)
    static let integer = TypeSet(rawValue: 4)
    /// Numbers that are not whole.
    static let fraction = TypeSet(rawValue: 8)
    static let string = TypeSet(rawValue: 16)
    static let array = TypeSet(rawValue: 32)
    static let object = TypeSet(rawValue: 64)

    static let number: TypeSet = [.integer, .fraction]
    static let scalars: TypeSet = [.null, .boolean, .integer, .fraction, .string]
    static let all: TypeSet = [.scalars, .array, .object]

    /// The set a `type` names; nil for words that name none.
    init?(name: String) {
        switch name {
        case "null": self = .null
        case "boolean": self = .boolean
        case "integer": self = .integer
        case "number": self = .number
        case "string": self = .string
        case "array": self = .array
        case "object": self = .object
        default: return nil
        }
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The kind of one value.
    init(of node: Node) {
        switch node.value {
        case .null: self = .null
        case .bool: self = .boolean
        case .number(let text): self = text.utf8.allSatisfy { ASCII.isDigit($0) || $0 == UInt8(ascii: "-") } ? .integer : .number
        case .string: self = .string
        case .sequence: self = .array
        case .mapping: self = .object
        }
    }
}
