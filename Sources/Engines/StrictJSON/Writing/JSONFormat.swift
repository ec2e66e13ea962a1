/// How values are written.
public struct JSONFormat: Sendable, Hashable {
    /// Spaces a level; nil writes everything on one line without spaces.
    public var indentation: Int?
    /// Whether keys are written in the order of their UTF-16 code units (as RFC 8785 §3.2.3), not in their own.
    public var sortedKeys = false
    /// Whether `<`, `>`, `&`, U+2028 and U+2029 are escaped, so that the text can stand in a page's script.
    public var safeInHTML = false

    /// The compact form.
    public init(indentation: Int? = nil, sortedKeys: Bool = false, safeInHTML: Bool = false) {
        self.indentation = indentation
        self.sortedKeys = sortedKeys
        self.safeInHTML = safeInHTML
    }

    /// No white space.
    public static var compact: JSONFormat { JSONFormat() }
    /// Two spaces a level.
    public static var pretty: JSONFormat { JSONFormat(indentation: 2) }
}

extension JSONValue {
    /// The value's text.
    public func serialized(_ format: JSONFormat = .compact) -> String {
        String(decoding: bytes(format), as: UTF8.self)
    }

    /// The value's text in UTF-8.
    public func bytes(_ format: JSONFormat = .compact) -> [UInt8] {
        var writer = JSONWriter(format)
        writer.write(self)
        return writer.bytes
    }
}
