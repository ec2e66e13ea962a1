/// A value that is written as one word and needs nothing but the word to be read.
public protocol ConfigurationScalar: ConfigurationValue {
    /// What it looks like.
    static var scalarForm: ScalarForm { get }
    /// Reads the word; nil where it is none.
    static func configured(_ text: String) -> Self?
    /// What is likely meant by a word that is none, such as "did you mean `5s`?"; nil where nobody can tell.
    static func hint(for text: String) -> String?
    /// The word.
    var configuredText: String { get }
}

extension ConfigurationScalar {
    /// Nothing.
    public static func hint(for text: String) -> String? { nil }

    /// A scalar.
    public static var form: ValueForm { .scalar(scalarForm) }

    /// Reads the word; records what was expected, with an example.
    public static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        guard let text = node.scalar, !node.isNull || node.isQuoted else {
            reader.mismatch(node, expected: scalarForm.withArticle)
            return nil
        }
        guard let value = configured(text) else {
            reader.error(
                "`\(text.clipped)` is not \(scalarForm.withArticle)", at: node, help: [hint(for: text) ?? "such as `\(scalarForm.example)`"]
            )
            return nil
        }
        return value
    }

    /// One row.
    public func rows(at path: String) -> [ConfigurationRow] { [ConfigurationRow(path: path, value: configuredText)] }
}

extension ConfigurationScalar where Self: CustomStringConvertible {
    /// The description.
    public var configuredText: String { description }
}

/// A value that is one of a few words.
public protocol ConfigurationChoice: ConfigurationValue, RawRepresentable<String>, CaseIterable {}

extension ConfigurationChoice {
    /// The words.
    public static var form: ValueForm { .choice(allCases.map(\.rawValue)) }

    /// Reads one of the words; an error names the nearest.
    public static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        guard let text = node.scalar, !node.isNull else {
            reader.mismatch(node, expected: "one of \(form.title)")
            return nil
        }
        guard let value = Self(rawValue: text) else {
            let near = nearest(to: text, among: allCases.map(\.rawValue)).map { ["did you mean `\($0)`?"] } ?? []
            reader.error("`\(text.clipped)` is not one of \(form.title)", at: node, help: near)
            return nil
        }
        return value
    }

    /// One row.
    public func rows(at path: String) -> [ConfigurationRow] { [ConfigurationRow(path: path, value: rawValue)] }
}

extension ScalarForm {
    var withArticle: String { ("aeiou".contains(name.first ?? " ") ? "an " : "a ") + name }
}

extension String {
    /// At most 60 characters of what the user wrote, control characters made visible.
    var clipped: String {
        let shown = unicodeScalars.prefix(60).map { $0.value < 32 || $0.value == 127 ? $0.escaped(asASCII: true) : String($0) }.joined()
        return unicodeScalars.count > 60 ? shown + "…" : shown
    }
}
