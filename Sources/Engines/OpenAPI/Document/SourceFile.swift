/// One file of a description, read into a tree.
struct SourceFile: Sendable {
    /// The name other files refer to it by: a path with `/`, or a URL.
    let name: String
    let root: Node
    let warnings: [OpenAPIWarning]

    /// Reads YAML or JSON: what begins with `{` or `[` and is not named `.yaml` or `.yml` is JSON.
    ///
    /// - Throws: ``OpenAPIError`` with code `syntax` or `limit`.
    init(name: String, bytes: [UInt8], limits: DocumentLimits) throws {
        let start = SourcePosition(line: 1, column: 1)
        guard bytes.count <= limits.fileBytes else {
            throw OpenAPIError(.limit, file: name, at: start, "the file has \(bytes.count) bytes, the limit is \(limits.fileBytes)")
        }
        self.name = name
        guard SourceFile.isJSON(name, bytes) else {
            var reader = YAMLReader(file: name, limits: limits)
            root = try reader.read(bytes)
            warnings = reader.warnings.map { OpenAPIWarning(file: name, position: $0.position, pointer: "", reason: $0.reason) }
            return
        }
        var reader = JSONReader(file: name, limits: limits, bytes: bytes)
        root = try reader.read()
        warnings = []
    }

    private static func isJSON(_ name: String, _ bytes: [UInt8]) -> Bool {
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return false }
        let first = bytes.first { $0 > 0x20 }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }
}

/// Something in a document that is allowed and probably not what its author wanted.
public struct OpenAPIWarning: Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public let file: String
    /// Where the node starts.
    public let position: SourcePosition
    /// JSON Pointer of the node, where it is known.
    public let pointer: String
    /// One sentence, lower case, without a full stop.
    public let reason: String

    /// `file:line:column: reason (at /pointer)`.
    public var description: String {
        "\(file):\(position): \(reason)" + (pointer.isEmpty ? "" : " (at \(pointer))")
    }
}
