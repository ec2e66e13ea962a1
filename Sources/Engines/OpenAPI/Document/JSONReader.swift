internal import StrictJSON

/// Builds the tree of one JSON file.
struct JSONReader {
    private let file: String
    private let limits: DocumentLimits
    private let bytes: [UInt8]
    private var cursor = LineCursor()

    init(file: String, limits: DocumentLimits, bytes: [UInt8]) {
        self.file = file
        self.limits = limits
        self.bytes = bytes
    }

    /// Reads the file.
    ///
    /// - Throws: ``OpenAPIError`` with code `syntax` or `limit`.
    mutating func read() throws -> Node {
        do {
            return node(try JSONDocument(bytes, limits: jsonLimits).root)
        } catch {
            let position = SourcePosition(line: error.position.line, column: error.position.column)
            throw OpenAPIError(code(of: error), file: file, at: position, error.reason)
        }
    }

    private var jsonLimits: JSONLimits {
        var json = JSONLimits.trusted
        json.bytes = limits.fileBytes
        json.depth = limits.depth
        json.elements = limits.nodes
        json.keys = limits.nodes
        return json
    }

    private func code(of error: JSONError) -> OpenAPIError.Code {
        switch error.code {
        case .sizeLimit, .depthLimit, .elementLimit, .keyLimit, .stringLengthLimit, .numberLengthLimit: .limit
        default: .syntax
        }
    }

    /// Depth is bounded by the limits the text was read with.
    private mutating func node(_ source: JSONNode) -> Node {
        let position = cursor.position(of: offset(source.document, source.index), in: bytes)
        switch source.kind {
        case .null: return Node(.null, at: position)
        case .bool: return Node(.bool(source.bool ?? false), at: position)
        case .number: return Node(.number(source.number?.text ?? "0"), at: position)
        case .string: return Node(.string(source.string ?? ""), at: position)
        case .array:
            var items: [Node] = []
            items.reserveCapacity(source.count)
            for element in source.elements { items.append(node(element)) }
            return Node(.sequence(items), at: position)
        case .object:
            var entries: [Mapping.Entry] = []
            entries.reserveCapacity(source.count)
            for member in source.members {
                let keyPosition = cursor.position(of: offset(source.document, member.key), in: bytes)
                entries.append(Mapping.Entry(key: member.name, keyPosition: keyPosition, value: node(member.value)))
            }
            return Node(.mapping(Mapping(entries)), at: position)
        }
    }

    private func offset(_ document: JSONDocument, _ index: Int) -> Int { Int(document[entry: index].offset) }
}

/// Turns byte offsets that only grow into lines and columns, in one pass over the text.
private struct LineCursor {
    private var offset = 0
    private var line = 1
    private var column = 1

    mutating func position(of target: Int, in bytes: [UInt8]) -> SourcePosition {
        while offset < target, offset < bytes.count {
            if bytes[offset] == 0x0A {
                line += 1
                column = 1
            } else if bytes[offset] & 0xC0 != 0x80 {
                column += 1
            }
            offset += 1
        }
        return SourcePosition(line: line, column: column)
    }
}
