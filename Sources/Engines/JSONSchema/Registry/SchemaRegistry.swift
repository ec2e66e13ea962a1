public import StrictJSON

/// The documents that references may lead to, by URI. Nothing is ever fetched.
///
/// The metaschemas of the drafts are known without being added. A registry is a value: add what is needed, then hand it
/// to a ``SchemaCompiler`` or ``JSONSchema``.
public struct SchemaRegistry: Sendable {
    var documents: [JSONDocument] = []
    var resources: [Resource] = []
    /// Resource by URI without fragment.
    var resourceByURI: [String: Int] = [:]
    /// Resource of each schema that was looked at.
    var membership: [NodeID: Int] = [:]
    /// Documents of metaschemas by URI, loaded when first referred to.
    var standard: [String: JSONValue] { Metaschemas.all }

    /// A registry without documents of its own.
    public init() {}

    /// Adds a schema document.
    ///
    /// - Parameters:
    ///   - uri: The URI it is reached by; an `$id` in it counts as well.
    ///   - dialect: The dialect where `$schema` is missing.
    /// - Throws: ``SchemaError`` for an unknown `$schema` and for an identifier that is taken.
    public mutating func add(_ schema: JSONDocument, at uri: String, dialect: Dialect = .draft202012) throws(SchemaError) {
        let root = try addDocument(schema, at: uri, dialect: dialect)
        try scan(root, resource: resources.count - 1)
    }

    /// Adds a schema document, as ``add(_:at:dialect:)-(JSONDocument,_,_)`` does.
    public mutating func add(_ schema: JSONValue, at uri: String, dialect: Dialect = .draft202012) throws(SchemaError) {
        try add(JSONDocument(schema), at: uri, dialect: dialect)
    }

    /// Adds a document that holds schemas but is none, such as an OpenAPI description.
    ///
    /// Its schemas are found when a JSON Pointer leads to them.
    public mutating func add(container document: JSONDocument, at uri: String, dialect: Dialect) throws(SchemaError) {
        _ = try addDocument(document, at: uri, dialect: dialect)
    }

    /// True where a document or schema is known under this URI (a fragment is ignored).
    public func contains(_ uri: String) -> Bool { resourceByURI[Self.key(uri)] != nil }

    mutating func addDocument(_ document: JSONDocument, at uri: String, dialect: Dialect) throws(SchemaError) -> NodeID {
        let key = Self.key(uri)
        guard resourceByURI[key] == nil else {
            throw SchemaError(code: .duplicateIdentifier, reason: "there is already a document at `\(key)`", location: key)
        }
        documents.append(document)
        let root = NodeID(document: documents.count - 1, entry: 0)
        resources.append(Resource(uri: key, root: root, dialect: dialect))
        resourceByURI[key] = resources.count - 1
        return root
    }

    /// A URI without its fragment, in the form resources are kept under.
    static func key(_ uri: String) -> String {
        var parts = URIParts(uri)
        parts.fragment = nil
        return parts.text
    }

    func node(_ id: NodeID) -> JSONNode { JSONNode(document: documents[id.document], index: id.entry) }
}

/// A value in one of the registry's documents.
struct NodeID: Hashable, Sendable {
    var document: Int
    var entry: Int
}

/// A schema with a URI of its own, or a document.
struct Resource: Sendable {
    /// Absolute where the document's URI is, without fragment.
    var uri: String
    var root: NodeID
    var dialect: Dialect
    var anchors: [String: NodeID] = [:]
    var dynamicAnchors: [String: NodeID] = [:]
}

/// The name under which `$recursiveAnchor: true` is kept among the dynamic anchors; no anchor can be called so.
let recursiveAnchorName = "$recursive"
