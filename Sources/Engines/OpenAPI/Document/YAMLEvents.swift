internal import CYaml

/// What the YAML parser reports next, with the event's place.
struct YAMLEvent {
    enum Kind {
        case documentStart, documentEnd, streamEnd
        case alias(String)
        case scalar(text: String, plain: Bool, tag: String?)
        case sequenceStart(tag: String?), sequenceEnd
        case mappingStart(tag: String?), mappingEnd
    }

    let kind: Kind
    let anchor: String?
    let position: SourcePosition
}

/// A fault of YAML's syntax.
struct YAMLFault: Error {
    let reason: String
    let position: SourcePosition
}

/// Reads the events of a YAML file one by one, with libyaml; builds nothing.
///
/// Assumes: the bytes outlive the reader, which ``withEvents(of:_:)`` sees to.
@safe struct YAMLEventReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// Opens a reader on bytes for the duration of `body`; a byte order mark is skipped, other encodings than UTF-8 are a fault.
    static func withEvents<Result>(of bytes: [UInt8], _ body: (inout YAMLEventReader) throws -> Result) throws -> Result {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        return try unsafe bytes.withUnsafeBufferPointer { buffer in
            var reader = unsafe YAMLEventReader(UnsafeBufferPointer(rebasing: buffer[start...]))
            return try body(&reader)
        }
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        _ = unsafe yaml_parser_initialize(parser)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
    }

    /// The next event; the start of the stream is passed over.
    ///
    /// - Throws: ``YAMLFault``.
    mutating func next() throws(YAMLFault) -> YAMLEvent {
        while true {
            var event = unsafe yaml_event_t()
            guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw fault() }
            defer { unsafe yaml_event_delete(&event) }
            if let read = unsafe Self.translate(event) { return read }
        }
    }

    private func fault() -> YAMLFault {
        let isReaderFault = unsafe parser.pointee.error == YAML_READER_ERROR
        let mark = unsafe isReaderFault ? parser.pointee.mark : parser.pointee.problem_mark
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "it is not YAML"
        let context = unsafe parser.pointee.context.map { unsafe " " + String(cString: $0) } ?? ""
        return YAMLFault(reason: problem + context, position: Self.position(mark))
    }

    private static func position(_ mark: yaml_mark_t) -> SourcePosition {
        SourcePosition(line: Int(truncatingIfNeeded: mark.line) + 1, column: Int(truncatingIfNeeded: mark.column) + 1)
    }

    private static func translate(_ event: yaml_event_t) -> YAMLEvent? {
        let kind: YAMLEvent.Kind
        var anchor: String?
        switch unsafe event.type {
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_STREAM_END_EVENT: kind = .streamEnd
        case YAML_ALIAS_EVENT: kind = unsafe .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            anchor = unsafe text(scalar.anchor)
            kind = unsafe .scalar(
                text: String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self),
                plain: scalar.style == YAML_PLAIN_SCALAR_STYLE, tag: text(scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            anchor = unsafe text(event.data.sequence_start.anchor)
            kind = unsafe .sequenceStart(tag: text(event.data.sequence_start.tag))
        case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            anchor = unsafe text(event.data.mapping_start.anchor)
            kind = unsafe .mappingStart(tag: text(event.data.mapping_start.tag))
        case YAML_MAPPING_END_EVENT: kind = .mappingEnd
        default: return nil
        }
        return unsafe YAMLEvent(kind: kind, anchor: anchor, position: position(event.start_mark))
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe String(cString: pointer)
    }
}
