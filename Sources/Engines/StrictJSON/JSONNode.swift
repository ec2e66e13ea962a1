/// A cursor on one value of a ``JSONDocument``. Copying it costs a reference count.
public struct JSONNode: Sendable {
    /// The document that holds the value.
    public let document: JSONDocument
    /// Index of the value's entry.
    public let index: Int

    /// A cursor on the value whose entry stands at `index`.
    public init(document: JSONDocument, index: Int) {
        self.document = document
        self.index = index
    }

    private var entry: JSONEntry { document[entry: index] }

    /// What the value is.
    public var kind: JSONKind { entry.kind }

    /// Elements of an array or members of an object; 0 for the rest.
    public var count: Int { entry.isContainer ? Int(entry.length) : 0 }

    /// True for the literal `null`.
    public var isNull: Bool { kind == .null }

    /// The value of `true` and `false`.
    public var bool: Bool? { kind == .bool ? entry.flags.contains(.isTrue) : nil }

    /// The text of a string.
    public var string: String? { kind == .string ? document.string(of: entry) : nil }

    /// A number with its text.
    public var number: JSONNumber? { kind == .number ? JSONNumber(checked: document.string(of: entry)) : nil }

    /// A number that is an integer (in any writing, `1.0` too) and fits.
    public var int64: Int64? { number?.int64 }

    /// A number's nearest double.
    public var double: Double? { number?.double }

    /// Where the value begins in the source.
    public var position: JSONPosition { document.position(ofByte: Int(entry.offset)) }

    /// The member with this key; nil for other kinds. Where a key was kept twice, the last.
    public subscript(key: String) -> JSONNode? {
        guard kind == .object else { return nil }
        let bytes = Array(key.utf8)
        let hash = JSONDocument.hash(of: bytes)
        var found: JSONNode?
        for member in members where document[entry: member.key].hash == hash {
            if unsafe document.bytes(of: document[entry: member.key]).elementsEqual(bytes) { found = member.value }
        }
        return found
    }

    /// The element at this place; nil for other kinds and beyond the end. Costs a walk over the elements before it.
    public subscript(position: Int) -> JSONNode? {
        guard kind == .array, position >= 0, position < count else { return nil }
        var at = index + 1
        for _ in 0..<position { at = document.next(after: at) }
        return JSONNode(document: document, index: at)
    }

    /// The elements of an array in order; empty for other kinds.
    public var elements: some Sequence<JSONNode> {
        sequence(state: (index + 1, kind == .array ? count : 0)) { [document] state in
            guard state.1 > 0 else { return nil }
            defer { state = (document.next(after: state.0), state.1 - 1) }
            return JSONNode(document: document, index: state.0)
        }
    }

    /// The members of an object in order; empty for other kinds.
    public var members: some Sequence<Member> {
        sequence(state: (index + 1, kind == .object ? count : 0)) { [document] state in
            guard state.1 > 0 else { return nil }
            defer { state = (document.next(after: state.0 + 1), state.1 - 1) }
            return Member(key: state.0, value: JSONNode(document: document, index: state.0 + 1))
        }
    }

    /// The value at a pointer below this one.
    public subscript(pointer: JSONPointer) -> JSONNode? {
        pointer.tokens.reduce(Optional(self)) { node, token in
            guard let node else { return nil }
            return node.kind == .array ? JSONPointer.arrayIndex(token).flatMap { node[$0] } : node[token]
        }
    }

    /// The value as a tree of its own.
    public var value: JSONValue {
        switch kind {
        case .null: .null
        case .bool: .bool(entry.flags.contains(.isTrue))
        case .number: .number(JSONNumber(checked: document.string(of: entry)))
        case .string: .string(document.string(of: entry))
        case .array: .array(elements.map(\.value))
        case .object: .object(JSONObject(members.map { ($0.name, $0.value.value) }))
        }
    }

    /// One member of an object.
    public struct Member: Sendable {
        /// Index of the key's entry.
        public let key: Int
        /// The value.
        public let value: JSONNode

        /// The key's text.
        public var name: String { value.document.string(of: value.document[entry: key]) }

        /// Where the key begins in the source.
        public var position: JSONPosition { value.document.position(ofByte: Int(value.document[entry: key].offset)) }
    }
}
