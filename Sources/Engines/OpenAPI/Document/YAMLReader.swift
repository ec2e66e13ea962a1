/// Builds the tree of one YAML file; JSON written as YAML is read too.
///
/// Refuses: a second document in the file, duplicate and composite keys, tags other than the core schema's, aliases without an anchor or
/// inside their own anchor, and files that exceed the limits with every alias written out.
struct YAMLReader {
    private struct Frame {
        enum Kind { case sequence, mapping }
        let kind: Kind
        let position: SourcePosition
        let anchor: String?
        var items: [Node] = []
        var entries: [Mapping.Entry] = []
        var index: [String: Int] = [:]
        var merges: [Node] = []
        var key: (text: String, position: SourcePosition, isMerge: Bool)?
    }

    private let file: String
    private let limits: DocumentLimits
    private var stack: [Frame] = []
    private var anchors: [String: Node] = [:]
    private var openAnchors: Set<String> = []
    private var mergedFields = 0
    private var root: Node?
    /// Things that other readers of YAML would take differently, the first hundred.
    private(set) var warnings: [(reason: String, position: SourcePosition)] = []

    init(file: String, limits: DocumentLimits) {
        self.file = file
        self.limits = limits
    }

    /// Reads the file.
    ///
    /// - Throws: ``OpenAPIError`` with code `syntax` or `limit`.
    mutating func read(_ bytes: [UInt8]) throws -> Node {
        try checkDirectives(bytes)
        try YAMLEventReader.withEvents(of: bytes) { events in
            do {
                while try take(events.next()) {}
            } catch let fault as YAMLFault {
                throw OpenAPIError(.syntax, file: file, at: fault.position, fault.reason)
            }
        }
        guard let root else { throw refusal(.syntax, SourcePosition(line: 1, column: 1), "the file is empty") }
        return root
    }

    /// libyaml compares every `%TAG` with all before it, so that many of them would take minutes.
    private func checkDirectives(_ bytes: [UInt8]) throws {
        var count = 0
        var line = 1
        for (offset, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "%"), offset == 0 || bytes[offset - 1] == 0x0A || bytes[offset - 1] == 0x0D { count += 1 }
            if byte == 0x0A { line += 1 }
            if count > 64 { throw refusal(.limit, SourcePosition(line: line, column: 1), "the file has more than 64 directives") }
        }
    }

    /// Returns false at the end of the file.
    private mutating func take(_ event: YAMLEvent) throws -> Bool {
        switch event.kind {
        case .streamEnd: return false
        case .documentEnd: break
        case .documentStart:
            if root != nil { throw refusal(.syntax, event.position, "a second document starts here; one file holds one description") }
        case .alias(let name): try add(alias(name, at: event.position), at: event.position)
        case .scalar(let text, let plain, let tag): try scalar(text, plain: plain, tag: tag, event)
        case .sequenceStart(let tag): try open(.sequence, tag: tag, event)
        case .mappingStart(let tag): try open(.mapping, tag: tag, event)
        case .sequenceEnd, .mappingEnd: try close()
        }
        return true
    }

    private func alias(_ name: String, at position: SourcePosition) throws -> Node {
        if openAnchors.contains(name) { throw refusal(.syntax, position, "alias `*\(name)` lies inside its own anchor") }
        guard let node = anchors[name] else { throw refusal(.syntax, position, "alias `*\(name)` has no anchor before it") }
        return node
    }

    // MARK: Scalars

    private mutating func scalar(_ text: String, plain: Bool, tag: String?, _ event: YAMLEvent) throws {
        if isKeyExpected {
            if let anchor = event.anchor { anchors[anchor] = Node(.string(text), at: event.position) }
            return try takeKey(text, plain: plain, at: event.position)
        }
        let node = Node(try value(of: text, plain: plain, tag: tag, at: event.position), at: event.position)
        if let anchor = event.anchor { anchors[anchor] = node }
        try add(node, at: event.position)
    }

    private var isKeyExpected: Bool {
        guard let frame = stack.last else { return false }
        return frame.kind == .mapping && frame.key == nil
    }

    private mutating func value(of text: String, plain: Bool, tag: String?, at position: SourcePosition) throws -> Node.Value {
        switch tag {
        case nil where !plain: return .string(text)
        case nil:
            let (value, trap) = YAMLScalar.resolve(text)
            if let trap, warnings.count < 100 { warnings.append(("`\(text)` \(trap.rawValue)", position)) }
            return value
        case "!"?, "tag:yaml.org,2002:str"?, "tag:yaml.org,2002:timestamp"?: return .string(text)
        case "tag:yaml.org,2002:int"?, "tag:yaml.org,2002:float"?, "tag:yaml.org,2002:bool"?, "tag:yaml.org,2002:null"?:
            return try tagged(text, tag ?? "", at: position)
        case let tag?: throw refusal(.syntax, position, "tag `\(tag.prefix(80))` is not one of the core schema")
        }
    }

    private func tagged(_ text: String, _ tag: String, at position: SourcePosition) throws -> Node.Value {
        let value = YAMLScalar.resolve(text).value
        switch (value, tag.hasSuffix("int") || tag.hasSuffix("float"), tag.hasSuffix("bool"), tag.hasSuffix("null")) {
        case (.number, true, _, _), (.bool, _, true, _), (.null, _, _, true): return value
        default: throw refusal(.syntax, position, "`\(text)` is not of the type its tag names")
        }
    }

    // MARK: Collections

    private mutating func open(_ kind: Frame.Kind, tag: String?, _ event: YAMLEvent) throws {
        if let tag, tag != "!", tag != "tag:yaml.org,2002:" + (kind == .mapping ? "map" : "seq") {
            throw refusal(.syntax, event.position, "tag `\(tag.prefix(80))` is not one of the core schema")
        }
        if isKeyExpected { throw refusal(.syntax, event.position, "a key is text; objects and arrays as keys have no JSON form") }
        if stack.count >= limits.depth { throw refusal(.limit, event.position, "nesting exceeds \(limits.depth) levels") }
        if let anchor = event.anchor { openAnchors.insert(anchor) }
        stack.append(Frame(kind: kind, position: event.position, anchor: event.anchor))
    }

    private mutating func close() throws {
        guard var frame = stack.popLast() else { return }
        if !frame.merges.isEmpty { try merge(into: &frame) }
        let value: Node.Value =
            frame.kind == .sequence
            ? .sequence(frame.items) : .mapping(Mapping(frame.entries, index: frame.index.isEmpty ? nil : frame.index))
        let node = Node(value, at: frame.position)
        if let anchor = frame.anchor {
            openAnchors.remove(anchor)
            anchors[anchor] = node
        }
        try add(node, at: frame.position)
    }

    private mutating func add(_ node: Node, at position: SourcePosition) throws {
        if node.weight > limits.nodes {
            throw refusal(.limit, position, "the file has more than \(limits.nodes) values with every alias written out")
        }
        guard let top = stack.indices.last else {
            root = node
            return
        }
        switch stack[top].kind {
        case .sequence: stack[top].items.append(node)
        case .mapping:
            guard let key = stack[top].key else {
                guard let text = node.string else { throw refusal(.syntax, position, "a key is text") }
                return try takeKey(text, plain: false, at: position)
            }
            stack[top].key = nil
            if key.isMerge { return stack[top].merges.append(node) }
            stack[top].entries.append(Mapping.Entry(key: key.text, keyPosition: key.position, value: node))
        }
    }

    private mutating func takeKey(_ text: String, plain: Bool, at position: SourcePosition) throws {
        let top = stack.count - 1
        if text == "<<", plain { return stack[top].key = (text, position, true) }
        let count = stack[top].entries.count
        if let earlier = indexOfKey(text, in: top) {
            let first = stack[top].entries[earlier].keyPosition
            throw refusal(.syntax, position, "key `\(text)` is repeated; it was set on line \(first.line)")
        }
        if !stack[top].index.isEmpty { stack[top].index[text] = count }
        stack[top].key = (text, position, false)
    }

    /// Small objects are searched, larger ones get an index as they pass twelve fields.
    private mutating func indexOfKey(_ text: String, in top: Int) -> Int? {
        if stack[top].entries.count < 12 { return stack[top].entries.firstIndex { $0.key == text } }
        if stack[top].index.isEmpty {
            for (offset, entry) in stack[top].entries.enumerated() { stack[top].index[entry.key] = offset }
        }
        return stack[top].index[text]
    }

    // MARK: Merge keys

    /// `<<` adds the fields of one object, or of several in order, that the object itself does not set.
    private mutating func merge(into frame: inout Frame) throws {
        var present = Set(frame.entries.map(\.key))
        frame.index = [:]
        for source in frame.merges.flatMap({ $0.items ?? [$0] }) {
            guard let mapping = source.mapping else {
                throw refusal(.syntax, source.position, "`<<` merges objects, not \(source.kindName)")
            }
            mergedFields += mapping.entries.count
            if mergedFields > limits.nodes { throw refusal(.limit, frame.position, "`<<` merges more than \(limits.nodes) fields") }
            for entry in mapping.entries where present.insert(entry.key).inserted { frame.entries.append(entry) }
        }
    }

    private func refusal(_ code: OpenAPIError.Code, _ position: SourcePosition, _ reason: String) -> OpenAPIError {
        OpenAPIError(code, file: file, at: position, reason)
    }
}
