// The scanner and parser inside Yams: its events keep the place of every key and each repeated key, which Yams' own nodes lose.
internal import CYaml

/// Why a text is not a YAML file that can be used.
struct YAMLFailure: Error, Sendable {
    var message: String
    var place: SourceSpan
    var help: [String] = []
}

/// Limits on a YAML file.
struct YAMLLimits: Sendable {
    /// Bytes of the file.
    var bytes = 1 << 20
    /// Lists and mappings inside each other.
    var depth = 32
    /// Values after every alias was put in place (the "billion laughs" attack).
    var nodes = 100_000
}

/// Reads one YAML document into nodes with places.
///
/// Refuses: bytes that are no UTF-8, repeated keys, keys that are no words, tags, aliases to nothing, more than one document, and what
/// is over the limits. Repeated keys are all reported, the others end the reading.
struct YAMLReader {
    private var parser: EventStream
    private var anchors: [String: (node: YAMLNode, size: Int)] = [:]
    private var remaining: Int
    private let limits: YAMLLimits
    /// Keys that were written twice, and where they stand first.
    private(set) var duplicates: [(entry: YAMLNode.Entry, first: SourceSpan)] = []

    /// The document of a text; an empty one is an empty mapping.
    ///
    /// - Throws: `YAMLFailure`.
    static func document(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(YAMLFailure) -> (
        root: YAMLNode, duplicates: [(entry: YAMLNode.Entry, first: SourceSpan)]
    ) {
        var reader = YAMLReader(bytes, limits)
        let root = try reader.document()
        return (root, reader.duplicates)
    }

    private init(_ bytes: [UInt8], _ limits: YAMLLimits) {
        parser = EventStream(bytes)
        self.limits = limits
        remaining = limits.nodes
    }

    private mutating func document() throws(YAMLFailure) -> YAMLNode {
        let first = try parser.next()
        if case .end = first.kind { return YAMLNode(content: .mapping([]), place: SourceSpan(line: 1, column: 1)) }
        let root = try node(first, depth: 0)
        let after = try parser.next()
        guard case .end = after.kind else {
            throw YAMLFailure(
                message: "a second document begins here", place: after.span, help: ["one file holds one document: take out the `---`"])
        }
        return root
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLFailure) -> YAMLNode {
        if let tag = event.tag {
            throw YAMLFailure(message: "tags have no meaning here, found `\(tag.clipped)`", place: event.span)
        }
        guard depth <= limits.depth else { throw YAMLFailure(message: "nested more than \(limits.depth) deep", place: event.span) }
        let before = remaining
        try spend(1, at: event.span)
        let content: YAMLNode.Content
        switch event.kind {
        case .scalar(let text, let isQuoted): content = .scalar(text, isQuoted: isQuoted)
        case .sequence: content = .sequence(try elements(depth: depth + 1))
        case .mapping: content = .mapping(try entries(depth: depth + 1))
        case .alias(let name): return try alias(name, at: event.span)
        case .close, .end: throw YAMLFailure(message: "a value is missing", place: event.span)
        }
        let node = YAMLNode(content: content, place: event.span)
        if let anchor = event.anchor { anchors[anchor] = (node, before - remaining) }
        return node
    }

    private mutating func elements(depth: Int) throws(YAMLFailure) -> [YAMLNode] {
        var elements: [YAMLNode] = []
        while true {
            let event = try parser.next()
            if case .close = event.kind { return elements }
            elements.append(try node(event, depth: depth))
        }
    }

    private mutating func entries(depth: Int) throws(YAMLFailure) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        var places: [String: SourceSpan] = [:]
        while true {
            let event = try parser.next()
            if case .close = event.kind { return entries }
            guard case .scalar(let key, _) = try node(event, depth: depth).content else {
                throw YAMLFailure(message: "a key must be a word", place: event.span)
            }
            let entry = YAMLNode.Entry(key: key, place: event.span, value: try node(try parser.next(), depth: depth))
            if let first = places.updateValue(places[key] ?? event.span, forKey: key) {
                duplicates.append((entry, first))
            } else {
                entries.append(entry)
            }
        }
    }

    private mutating func alias(_ name: String, at span: SourceSpan) throws(YAMLFailure) -> YAMLNode {
        guard let target = anchors[name] else {
            throw YAMLFailure(
                message: "no anchor `&\(name.clipped)` stands before this alias", place: span, help: ["quote a value that begins with `*`"])
        }
        try spend(target.size, at: span)
        return target.node
    }

    private mutating func spend(_ count: Int, at span: SourceSpan) throws(YAMLFailure) {
        remaining -= count
        guard remaining >= 0 else { throw YAMLFailure(message: "more than \(limits.nodes) values, aliases counted in full", place: span) }
    }
}

/// One step through a YAML text.
struct YAMLEvent {
    enum Kind {
        case scalar(String, isQuoted: Bool), sequence, mapping, alias(String), close, end
    }

    var kind: Kind
    var span: SourceSpan
    var anchor: String?
    var tag: String?
}

/// The C parser as a stream of values; stream and document marks are left out.
@safe private final class EventStream {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private var isAtEnd = false

    init(_ text: [UInt8]) {
        // at least one byte, so that the pointer is never nil
        unsafe bytes = .allocate(capacity: text.count + 1)
        unsafe _ = bytes.initialize(from: text + [10])
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        unsafe yaml_parser_initialize(parser)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe bytes.deallocate()
    }

    func next() throws(YAMLFailure) -> YAMLEvent {
        while !isAtEnd {
            var event = unsafe yaml_event_t()
            guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
            defer { unsafe yaml_event_delete(&event) }
            if let read = unsafe read(event) { return read }
        }
        return YAMLEvent(kind: .end, span: SourceSpan(line: 1, column: 1))
    }

    private func read(_ event: yaml_event_t) -> YAMLEvent? {
        let span = unsafe SourceSpan(event.start_mark, event.end_mark)
        switch unsafe event.type {
        case YAML_SCALAR_EVENT: return unsafe scalar(event, span)
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe event.data.sequence_start
            return unsafe YAMLEvent(kind: .sequence, span: span, anchor: text(start.anchor), tag: text(start.tag))
        case YAML_MAPPING_START_EVENT:
            let start = unsafe event.data.mapping_start
            return unsafe YAMLEvent(kind: .mapping, span: span, anchor: text(start.anchor), tag: text(start.tag))
        case YAML_ALIAS_EVENT: return unsafe YAMLEvent(kind: .alias(text(event.data.alias.anchor) ?? ""), span: span)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .close, span: span)
        case YAML_STREAM_END_EVENT:
            isAtEnd = true
            return YAMLEvent(kind: .end, span: span)
        default: return nil
        }
    }

    private func scalar(_ event: yaml_event_t, _ span: SourceSpan) -> YAMLEvent {
        let scalar = unsafe event.data.scalar
        let value = unsafe String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        let isQuoted = unsafe scalar.style != YAML_PLAIN_SCALAR_STYLE
        return unsafe YAMLEvent(
            kind: .scalar(value, isQuoted: isQuoted), span: span, anchor: text(scalar.anchor), tag: text(scalar.tag))
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        unsafe pointer.map { unsafe String(cString: $0) }
    }

    private func failure() -> YAMLFailure {
        let told = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "the text cannot be read"
        let problem = told.hasPrefix("Maximum nesting level") ? "nested more than \(YAMLLimits().depth) deep" : told
        let mark = unsafe parser.pointee.problem_mark
        return YAMLFailure(message: problem, place: SourceSpan(mark, mark), help: advice(for: problem))
    }

    private func advice(for problem: String) -> [String] {
        switch problem {
        case "found character that cannot start any token": ["quote a value that begins with `@`, `` ` `` or `%`"]
        case "mapping values are not allowed in this context": ["check the indentation, and quote a value that holds `: `"]
        case "did not find expected key", "did not find expected '-' indicator": ["check the indentation of this line and the one above"]
        case "could not find expected ':'": ["a key ends with a colon and a space"]
        default: []
        }
    }
}

extension SourceSpan {
    fileprivate init(_ start: yaml_mark_t, _ end: yaml_mark_t) {
        let length = start.line == end.line ? Int(end.column) - Int(start.column) : 1
        self.init(line: Int(start.line) + 1, column: Int(start.column) + 1, length: length)
    }
}
