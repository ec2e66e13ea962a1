internal import StrictJSON

/// Steps that every reader of JSON in this engine shares.
struct JSONReading: Sendable {
    let code: CedarError.Code

    func document(_ bytes: [UInt8], _ limits: CedarLimits, depth: Int? = nil) throws(CedarError) -> JSONDocument {
        var json = JSONLimits.trusted
        json.bytes = limits.bytes
        json.stringLength = limits.bytes
        json.depth = depth ?? limits.valueDepth
        do {
            return try JSONDocument(bytes, limits: json)
        } catch {
            let isLimit = [.sizeLimit, .depthLimit].contains(error.code)
            throw CedarError(
                isLimit ? .limit : code, error.reason,
                at: SourcePosition(line: error.position.line, column: error.position.column))
        }
    }

    func failure(_ message: String, _ node: JSONNode) -> CedarError {
        let position = node.position
        return CedarError(code, message, at: SourcePosition(line: position.line, column: position.column))
    }

    func object(_ node: JSONNode, _ what: String) throws(CedarError) -> JSONNode {
        guard node.kind == .object else { throw failure("\(what) must be an object", node) }
        return node
    }

    func string(_ node: JSONNode, _ what: String) throws(CedarError) -> String {
        guard let text = node.string else { throw failure("\(what) must be a string", node) }
        return text
    }

    func array(_ node: JSONNode, _ what: String) throws(CedarError) -> [JSONNode] {
        guard node.kind == .array else { throw failure("\(what) must be an array", node) }
        return Array(node.elements)
    }

    func member(_ node: JSONNode, _ key: String, _ what: String) throws(CedarError) -> JSONNode {
        guard let value = node[key] else { throw failure("\(what) needs `\(key)`", node) }
        return value
    }

    /// Refuses keys beside those listed.
    func onlyKeys(_ node: JSONNode, _ keys: [String], _ what: String) throws(CedarError) {
        for member in node.members where !keys.contains(member.name) {
            throw failure("\(what) has no key `\(member.name)`", member.value)
        }
    }
}
