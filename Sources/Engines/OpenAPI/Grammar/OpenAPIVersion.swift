/// The feature level of a document: what its `openapi` field says, without the patch number.
public enum OpenAPIVersion: String, Sendable, Hashable, Comparable, CaseIterable {
    /// 3.0.x, with the schema dialect of its own.
    case v30 = "3.0"
    /// 3.1.x, whose schemas are JSON Schema 2020-12.
    case v31 = "3.1"
    /// 3.2.x.
    case v32 = "3.2"

    /// Older levels come first.
    public static func < (left: OpenAPIVersion, right: OpenAPIVersion) -> Bool { left.rawValue < right.rawValue }

    /// Reads the `openapi` field: `3.x.y` with an optional `-suffix`; nil for every other text.
    public init?(field: String) {
        let (number, suffix) = OpenAPIVersion.split(field)
        if let suffix, suffix.isEmpty { return nil }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[2].isEmpty, parts[2].utf8.allSatisfy(ASCII.isDigit) else { return nil }
        guard let version = OpenAPIVersion(rawValue: "\(parts[0]).\(parts[1])") else { return nil }
        self = version
    }

    private static func split(_ field: String) -> (number: Substring, suffix: Substring?) {
        guard let dash = field.firstIndex(of: "-") else { return (field[...], nil) }
        return (field[..<dash], field[field.index(after: dash)...])
    }
}
