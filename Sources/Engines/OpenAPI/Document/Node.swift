/// One node of a YAML or JSON file with the place where it starts.
///
/// Nodes are immutable and shared: two aliases of one YAML anchor are the same object. ``weight`` counts the node and all below it as if
/// every alias were written out, so that a reader can refuse a file that would grow without bound.
final class Node: Sendable {
    enum Value: Sendable {
        case null
        case bool(Bool)
        /// A JSON number's text: YAML's other notations are brought into JSON's form.
        case number(String)
        case string(String)
        case sequence([Node])
        case mapping(Mapping)
    }

    let value: Value
    let position: SourcePosition
    let weight: Int

    init(_ value: Value, at position: SourcePosition) {
        self.value = value
        self.position = position
        weight = Node.weight(of: value)
    }

    private static func weight(of value: Value) -> Int {
        switch value {
        case .null, .bool, .number, .string: 1
        case .sequence(let items): items.reduce(1) { saturating($0, $1.weight) }
        case .mapping(let mapping): mapping.entries.reduce(1) { saturating($0, $1.value.weight) }
        }
    }

    private static func saturating(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}

/// The fields of an object in the order of the file; names are unique.
struct Mapping: Sendable {
    struct Entry: Sendable {
        let key: String
        let keyPosition: SourcePosition
        let value: Node
    }

    let entries: [Entry]
    /// Positions by name, for objects with too many fields to look through.
    private let index: [String: Int]?

    /// - Parameter entries: fields with unique names.
    init(_ entries: [Entry], index: [String: Int]? = nil) {
        self.entries = entries
        if let index {
            self.index = index
        } else if entries.count > 12 {
            self.index = Dictionary(entries.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
        } else {
            self.index = nil
        }
    }

    subscript(key: String) -> Node? {
        if let index { return index[key].map { entries[$0].value } }
        return entries.first { $0.key == key }?.value
    }
}

extension Node {
    var mapping: Mapping? {
        if case .mapping(let mapping) = value { mapping } else { nil }
    }

    var items: [Node]? {
        if case .sequence(let items) = value { items } else { nil }
    }

    var string: String? {
        if case .string(let text) = value { text } else { nil }
    }

    var bool: Bool? {
        if case .bool(let flag) = value { flag } else { nil }
    }

    /// The value of a number that is written as a plain integer and fits.
    var integer: Int? {
        if case .number(let text) = value { Int(text) } else { nil }
    }

    /// The field of an object, nil where the node is none or lacks it.
    subscript(key: String) -> Node? { mapping?[key] }

    /// What the node is called in messages.
    var kindName: String {
        switch value {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .sequence: "an array"
        case .mapping: "an object"
        }
    }
}

extension Node {
    /// Equal for equal values: fields sorted, numbers by their text. For finding repeated items.
    var canonicalText: String {
        switch value {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .number(let text): text
        case .string(let text): "\"" + text.replacing("\"", with: "\"\"") + "\""
        case .sequence(let items): "[" + items.map(\.canonicalText).joined(separator: ",") + "]"
        case .mapping(let mapping):
            "{" + mapping.entries.sorted { $0.key < $1.key }.map { "\"\($0.key)\":" + $0.value.canonicalText }.joined(separator: ",") + "}"
        }
    }
}
