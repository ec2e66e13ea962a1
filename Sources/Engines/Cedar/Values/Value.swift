/// A value of the Cedar language.
public enum Value: Hashable, Sendable {
    case bool(Bool)
    /// A 64-bit integer.
    case long(Int64)
    case string(Text)
    case entity(EntityUID)
    case set(ValueSet)
    case record(Record)
    case decimal(DecimalValue)
    indirect case ip(IPValue)
    case datetime(DatetimeValue)
    case duration(DurationValue)

    /// The name of the value's type as error messages use it.
    public var typeName: String {
        switch self {
        case .bool: "bool"
        case .long: "long"
        case .string: "string"
        case .entity(let uid): "(entity of type `\(uid.type)`)"
        case .set: "set"
        case .record: "record"
        case .decimal: "decimal"
        case .ip: "ipaddr"
        case .datetime: "datetime"
        case .duration: "duration"
        }
    }
}

/// A set of values: no order, no repetition.
public struct ValueSet: Hashable, Sendable {
    private let elements: Set<Value>

    /// The set of the values given; repeated ones count once.
    public init(_ values: [Value]) {
        elements = Set(values)
    }

    /// True when there is nothing in it.
    public var isEmpty: Bool { elements.isEmpty }
    /// How many there are.
    public var count: Int { elements.count }

    /// True when the value is in it.
    public func contains(_ value: Value) -> Bool { elements.contains(value) }
    /// True when all of the other's are in it.
    public func containsAll(_ other: ValueSet) -> Bool { other.elements.isSubset(of: elements) }
    /// True when one of the other's is in it.
    public func containsAny(_ other: ValueSet) -> Bool { !elements.isDisjoint(with: other.elements) }

    /// The elements in no particular order.
    public var values: Set<Value> { elements }
}

/// A record: values by attribute name, sorted by name.
public struct Record: Hashable, Sendable {
    private struct Pair: Hashable, Sendable {
        let name: Text
        let value: Value
    }

    private var contents: [Pair] = []

    /// A record without attributes.
    public init() {}

    /// A record of the pairs given; of a repeated name the last value counts.
    public init(_ pairs: [(Text, Value)]) {
        contents.reserveCapacity(pairs.count)
        for (name, value) in pairs.sorted(by: { $0.0 < $1.0 }) {
            if contents.last?.name == name { contents.removeLast() }
            contents.append(Pair(name: name, value: value))
        }
    }

    /// True when there is nothing in it.
    public var isEmpty: Bool { contents.isEmpty }
    /// How many there are.
    public var count: Int { contents.count }
    /// The attribute names in order.
    public var keys: [Text] { contents.map(\.name) }

    /// The pairs in the order of the names.
    public var pairs: [(Text, Value)] { contents.map { ($0.name, $0.value) } }

    /// The value of an attribute, nil where there is none.
    public subscript(name: Text) -> Value? {
        if contents.count <= 8 {
            for pair in contents where pair.name == name { return pair.value }
            return nil
        }
        var low = 0
        var high = contents.count
        while low < high {
            let middle = (low + high) / 2
            if contents[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low < contents.count && contents[low].name == name ? contents[low].value : nil
    }
}
