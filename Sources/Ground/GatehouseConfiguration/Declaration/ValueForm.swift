/// What a value of the file looks like; the documentation page and the JSON Schema are made from it.
public indirect enum ValueForm: Sendable {
    /// One text, number or truth value.
    case scalar(ScalarForm)
    /// One of a few words.
    case choice([String])
    /// A list.
    case list(of: ValueForm)
    /// A mapping from names that the user chooses.
    case map(to: ValueForm, keys: String)
    /// A mapping with the keys of a section.
    case section(any ConfigurationSection.Type)
    /// Either of several forms, the usual one first.
    case either([ValueForm])

    /// A phrase for messages and tables, such as `list of networks`.
    public var title: String {
        switch self {
        case .scalar(let form): form.name
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let form): "list of " + (form.plural)
        case .map(let form, let keys): "mapping from \(keys) to \(form.title)"
        case .section(let type): "mapping (\(type.title))"
        case .either(let forms): forms.map(\.title).joined(separator: " or ")
        }
    }

    /// True where one word can be such a value.
    var takesWord: Bool {
        switch self {
        case .scalar, .choice: true
        case .list, .map, .section: false
        case .either(let forms): forms.contains(where: \.takesWord)
        }
    }

    private var plural: String {
        switch self {
        case .scalar(let form): form.plural
        case .section(let type): "mappings (\(type.title))"
        default: title
        }
    }
}

/// A value that is written as one word.
public struct ScalarForm: Sendable {
    /// How JSON would type it.
    public enum Kind: String, Sendable {
        /// Text.
        case string
        /// A whole number.
        case integer
        /// `true` or `false`.
        case boolean
    }

    /// What it is called in messages, such as `duration`.
    public let name: String
    /// The name for several.
    public let plural: String
    /// A good one.
    public let example: String
    /// How JSON would type it.
    public let kind: Kind
    /// What good ones match (ECMA-262), where an editor can check that much.
    public let pattern: String?
    /// True where YAML may take the word for a number or a truth value, which then counts as the text that stands there.
    public let looksNumeric: Bool

    /// A form.
    public init(
        _ name: String, plural: String? = nil, example: String, kind: Kind = .string, pattern: String? = nil, looksNumeric: Bool = false
    ) {
        self.name = name
        self.plural = plural ?? name + "s"
        self.example = example
        self.kind = kind
        self.pattern = pattern
        self.looksNumeric = looksNumeric
    }
}
