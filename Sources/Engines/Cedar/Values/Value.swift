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
    case ip(IPValue)
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

    public var isEmpty: Bool { elements.isEmpty }
    public var count: Int { elements.count }

    public func contains(_ value: Value) -> Bool { elements.contains(value) }
    public func containsAll(_ other: ValueSet) -> Bool { other.elements.isSubset(of: elements) }
    public func containsAny(_ other: ValueSet) -> Bool { !elements.isDisjoint(with: other.elements) }

    /// The elements in no particular order.
    public var values: Set<Value> { elements }
}

/// A record: values by attribute name, sorted by name.
public struct Record: Hashable, Sendable {
    private var names: [Text] = []
    private var contents: [Value] = []

    /// A record without attributes.
    public init() {}

    /// A record of the pairs given; of a repeated name the last value counts.
    public init(_ pairs: [(Text, Value)]) {
        for (name, value) in pairs.sorted(by: { $0.0 < $1.0 }) {
            if let last = names.last, last == name {
                contents[contents.count - 1] = value
            } else {
                names.append(name)
                contents.append(value)
            }
        }
    }

    public var isEmpty: Bool { names.isEmpty }
    public var count: Int { names.count }
    /// The attribute names in order.
    public var keys: [Text] { names }

    /// The pairs in the order of the names.
    public var pairs: [(Text, Value)] { Array(zip(names, contents)) }

    /// The value of an attribute, nil where there is none.
    public subscript(name: Text) -> Value? {
        if names.count <= 8 {
            return names.firstIndex(of: name).map { contents[$0] }
        }
        var low = 0
        var high = names.count
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < name { low = middle + 1 } else { high = middle }
        }
        return low < names.count && names[low] == name ? contents[low] : nil
    }
}
