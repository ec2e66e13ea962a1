/// A mapping of the file with known keys.
///
/// To add one: a struct with its defaults, `title`, `about` and `keys`, and one line in the `keys` of the section that holds it. The
/// decoder, `docs/configuration.md`, the JSON Schema and `gatehouse check` follow from that.
public protocol ConfigurationSection: ConfigurationValue {
    /// The defaults.
    init()

    /// Its name in the documentation, such as `retries`.
    static var title: String { get }
    /// What it is for, in one sentence.
    static var about: String { get }
    /// Its keys, in the order in which they are read and documented.
    static var keys: [ConfigurationKey<Self>] { get }
    /// The short form that may stand in place of the mapping; nil: none.
    static var shortForm: ValueForm? { get }

    /// The value before any key is read; by default the defaults.
    static func start(with reader: ConfigurationReader) -> Self
    /// Reads the short form.
    ///
    /// - Returns: false where the node is not one, after which the mismatch is recorded.
    mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool
    /// Checks what one key alone cannot know.
    mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader)
}

extension ConfigurationSection {
    /// The short form or the mapping.
    public static var form: ValueForm { shortForm.map { .either([$0, .section(self)]) } ?? .section(self) }
    /// None.
    public static var shortForm: ValueForm? { nil }
    /// The defaults.
    public static func start(with reader: ConfigurationReader) -> Self { Self() }
    /// Reads nothing.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool { false }
    /// Checks nothing.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {}

    /// Reads the keys that stand there over the inherited value; an empty value (`guards:` with nothing below) changes nothing.
    public static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        var section = inherited ?? start(with: reader)
        let errors = reader.errorCount
        if let entries = node.mapping {
            section.readKeys(entries, of: node, with: &reader)
        } else if !node.isNull {
            guard section.readShort(node, with: &reader) else {
                if reader.errorCount == errors { reader.mismatch(node, expected: expectation) }
                return nil
            }
        }
        if reader.errorCount == errors { section.check(node, with: &reader) }
        return section
    }

    /// The rows of every key.
    public func rows(at path: String) -> [ConfigurationRow] {
        Self.keys.flatMap { $0.rows(self, path.isEmpty ? $0.name : "\(path).\($0.name)") }
    }

    private static var expectation: String {
        shortForm.map { "a mapping or \($0.title)" } ?? "a mapping"
    }

    private mutating func readKeys(_ entries: [YAMLNode.Entry], of node: YAMLNode, with reader: inout ConfigurationReader) {
        let keys = Self.keys
        for entry in entries where !keys.contains(where: { $0.name == entry.key }) {
            reader.unknown(entry, known: keys.map(\.name))
        }
        for key in keys {
            guard let entry = entries.first(where: { $0.key == key.name }) else {
                if key.isRequired { reader.error("the key `\(key.name)` is missing", at: node, help: [key.about]) }
                continue
            }
            reader.enter(key: key.name, at: entry) { key.read(entry.value, &self, &$0) }
        }
    }
}
