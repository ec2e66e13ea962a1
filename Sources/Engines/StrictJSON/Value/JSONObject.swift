/// The members of a JSON object, in the order they were written.
///
/// Lookup is by the key's code points; from 16 members on it goes through an index. Where a key was kept twice
/// (``JSONLimits/DuplicateKeys/keep``), a lookup finds the last.
public struct JSONObject: Sendable {
    /// A key and its value.
    public typealias Member = (key: String, value: JSONValue)

    /// The members in order.
    public private(set) var members: [Member]
    private var index: [KeyBytes: Int]?

    /// No members.
    public init() { members = [] }

    /// Members in order; equal keys are kept.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        self.members = members.map { (key: $0.0, value: $0.1) }
        reindex()
    }

    /// The keys in order.
    public var keys: [String] { members.map(\.key) }

    /// The values in order.
    public var values: [JSONValue] { members.map(\.value) }

    /// The value under a key. Setting replaces in place or appends; nil removes.
    public subscript(key: String) -> JSONValue? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (nil, let value?): append(key, value)
            case (_?, nil):
                members.removeAll { $0.key.hasSameBytes(as: key) }
                reindex()
            case (nil, nil): break
            }
        }
    }

    /// True where a member has this key.
    public func contains(key: String) -> Bool { place(of: key) != nil }

    /// Adds a member at the end, even if the key is there already.
    public mutating func append(_ key: String, _ value: JSONValue) {
        members.append((key, value))
        if index != nil { index?[KeyBytes(key)] = members.count - 1 } else { reindex() }
    }

    private func place(of key: String) -> Int? {
        if let index { return index[KeyBytes(key)] }
        return members.lastIndex { $0.key.hasSameBytes(as: key) }
    }

    private mutating func reindex() {
        index = nil
        guard members.count >= 16 else { return }
        index = Dictionary(members.enumerated().map { (KeyBytes($1.key), $0) }, uniquingKeysWith: { $1 })
    }
}

extension JSONObject: RandomAccessCollection {
    /// The first member's index.
    public var startIndex: Int { 0 }
    /// The index behind the last member.
    public var endIndex: Int { members.count }

    /// The member at a place.
    public subscript(position: Int) -> Member { members[position] }
}

extension JSONObject: Hashable {
    /// Equal members, in any order.
    public static func == (a: JSONObject, b: JSONObject) -> Bool {
        a.count == b.count && a.allSatisfy { b[$0.key] == $0.value } && b.allSatisfy { a.contains(key: $0.key) }
    }

    /// Consistent with `==`.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members {
            var own = Hasher()
            member.key.hashBytes(into: &own)
            own.combine(member.value)
            sum &+= own.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// An object of these members, in order.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}

/// A key compared and hashed by bytes.
private struct KeyBytes: Hashable, Sendable {
    let text: String
    init(_ text: String) { self.text = text }
    static func == (a: KeyBytes, b: KeyBytes) -> Bool { a.text.hasSameBytes(as: b.text) }
    func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}
