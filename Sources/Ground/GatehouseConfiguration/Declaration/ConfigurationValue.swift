/// A type that stands in the configuration file.
///
/// One declaration serves decoding, the documentation page, the JSON Schema and `gatehouse check`. Words conform to
/// `ConfigurationScalar`, enumerations to `ConfigurationChoice`, mappings to `ConfigurationSection`.
public protocol ConfigurationValue: Sendable, Equatable {
    /// What it looks like in the file.
    static var form: ValueForm { get }

    /// Plain words that mean there is none, where the value is optional; beside `null`.
    static var wordsForNone: [String] { get }

    /// Reads a value over the one that holds without it.
    ///
    /// - Parameters:
    ///   - node: what the file says.
    ///   - inherited: the value that single keys override; nil: the default.
    ///   - reader: takes errors and knows the place.
    /// - Returns: nil after an error was recorded.
    static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self?

    /// The value as the file would say it, `key: value` rows for a section.
    func rows(at path: String) -> [ConfigurationRow]
}

/// One setting as it holds.
public struct ConfigurationRow: Sendable, Equatable {
    /// The key path, such as `guards.headers.hsts.max_age`.
    public let path: String
    /// The value as the file would say it.
    public let value: String
}

extension ConfigurationValue {
    /// None.
    public static var wordsForNone: [String] { [] }

    /// The value in one line, for tables.
    var line: String {
        let rows = rows(at: "")
        return rows.count == 1 && rows[0].path.isEmpty ? rows[0].value : rows.map { "\($0.path): \($0.value)" }.joined(separator: ", ")
    }
}

extension Optional: ConfigurationValue where Wrapped: ConfigurationValue {
    /// That of the value.
    public static var form: ValueForm {
        Wrapped.wordsForNone.isEmpty ? Wrapped.form : .either([Wrapped.form, .choice(Wrapped.wordsForNone)])
    }

    /// Reads the value, or none from `null` and the type's own words for it.
    public static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        if node.isNull || node.plainWord.map(Wrapped.wordsForNone.contains) == true { return .some(nil) }
        return Wrapped.read(node, over: inherited ?? nil, with: &reader).map { $0 }
    }

    /// Those of the value, or one that says none.
    public func rows(at path: String) -> [ConfigurationRow] {
        self?.rows(at: path) ?? [ConfigurationRow(path: path, value: Wrapped.wordsForNone.first ?? "none")]
    }
}

extension Array: ConfigurationValue where Element: ConfigurationValue {
    /// A list, or one element alone.
    public static var form: ValueForm { .list(of: Element.form) }

    /// Reads a list, which replaces an inherited one; one word stands for a list of it.
    public static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        if node.scalar != nil, !node.isNull, Element.form.takesWord {
            return Element.read(node, over: nil, with: &reader).map { [$0] }
        }
        guard let nodes = node.sequence else {
            let help = node.mapping == nil ? [] : ["each element of a list begins with `- `"]
            reader.error("expected a \(form.title), found \(node.kind)", at: node, help: help)
            return nil
        }
        var elements: [Element] = []
        for (index, node) in nodes.enumerated() {
            reader.enter(index: index, at: node) { reader in
                if let element = Element.read(node, over: nil, with: &reader) { elements.append(element) }
            }
        }
        return elements
    }

    /// One row of words, or the rows of each section.
    public func rows(at path: String) -> [ConfigurationRow] {
        if case .section = Element.form, !isEmpty {
            return enumerated().flatMap { $1.rows(at: "\(path)[\($0)]") }
        }
        return [ConfigurationRow(path: path, value: "[" + map(\.line).joined(separator: ", ") + "]")]
    }
}
