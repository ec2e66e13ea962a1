internal import StrictJSON

/// What a schema says about the form of a value: enough to read one from text, parts or XML, before the schema judges it.
struct ValueShape: Sendable {
    var types: TypeSet = .all
    /// Number of the shape of an array's items.
    var items: Int?
    /// Numbers of the shapes of an object's properties.
    var properties: [String: Int] = [:]
    /// Properties that the object has whichever branch of a choice holds; only their defaults may be filled in.
    var certainProperties: Set<String> = []
    /// Number of the shape of other properties; nil where the schema does not say.
    var additional: Int?
    /// Whether other properties may be there at all.
    var allowsAdditional = true
    var xml = XMLHints()
    /// A string that stands for bytes that are not text.
    var isBinary = false
    /// `base64` and its kind: the text of a part is the encoded form.
    var contentEncoding: String?
    var contentMediaType: String?
    /// Limits on a binary value's bytes.
    var minimumLength: Int?
    var maximumLength: Int?
    var defaultValue: JSONValue?
    /// `format: password`: text that is never trimmed or normalized.
    var isSecret = false
    var isReadOnly = false
    var isWriteOnly = false

    /// The XML Object's fields.
    struct XMLHints: Sendable, Hashable {
        var name: String?
        var namespace: String?
        var isAttribute = false
        var isWrapped = false
        /// 3.2: text or CDATA of the element itself.
        var isText = false
        /// 3.2: `nodeType: none`, the element is left out and its content stands in the parent.
        var isTransparent = false
    }
}

/// All shapes of a document; they refer to each other by number, so that schemas may be recursive.
struct ShapeTable: Sendable {
    private(set) var shapes: [ValueShape] = [ValueShape()]

    /// The shape of a value that no schema describes.
    static let anything = 0

    subscript(number: Int) -> ValueShape {
        get { shapes[number] }
        set { shapes[number] = newValue }
    }

    mutating func reserve() -> Int {
        shapes.append(ValueShape())
        return shapes.count - 1
    }

    /// The shape of a property of an object.
    func property(_ name: String, of shape: Int) -> Int {
        shapes[shape].properties[name] ?? shapes[shape].additional ?? ShapeTable.anything
    }

    func items(of shape: Int) -> Int { shapes[shape].items ?? ShapeTable.anything }
}
