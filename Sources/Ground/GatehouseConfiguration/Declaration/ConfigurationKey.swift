/// One key of a section: its name, its property, and the sentence that explains it.
public struct ConfigurationKey<Section: ConfigurationSection>: Sendable {
    /// The key in the file, in snake_case.
    public let name: String
    /// What it does, in one or two sentences.
    public let about: String
    /// What its value looks like.
    public let form: ValueForm
    /// The default as the file would say it; empty where there is none.
    public let defaultText: String
    /// True where the section makes no sense without it.
    public let isRequired: Bool
    /// Which values are unsafe and why; nil: none.
    public let risk: String?
    /// The least and the greatest value.
    public let bounds: Bounds?

    let read: @Sendable (YAMLNode, inout Section, inout ConfigurationReader) -> Void
    let rows: @Sendable (Section, String) -> [ConfigurationRow]

    /// The least and the greatest value, as words and as numbers where the file holds a number.
    public struct Bounds: Sendable {
        /// As the file would say them.
        public let text: String
        /// As whole numbers.
        public let integers: ClosedRange<Int>?
    }

    /// A key that fills one property.
    ///
    /// - Parameters:
    ///   - name: the key in the file.
    ///   - property: what it fills.
    ///   - about: what it does.
    ///   - defaultText: the default where the property's own value does not say it.
    ///   - risk: which values are unsafe, and why.
    public init<Value: ConfigurationValue>(
        _ name: String, _ property: any WritableKeyPath<Section, Value> & Sendable, _ about: String, defaultText: String? = nil,
        isRequired: Bool = false, risk: Risk<Value>? = nil
    ) {
        self.init(
            name, about, form: Value.form, defaultText: isRequired ? "" : defaultText ?? Section()[keyPath: property].line,
            isRequired: isRequired, risk: risk?.sentence, bounds: nil,
            rows: { section, path in section[keyPath: property].rows(at: path) },
            read: { node, section, reader in
                guard let value = Value.read(node, over: section[keyPath: property], with: &reader) else { return }
                section[keyPath: property] = value
                if let risk, let why = risk.reason(value) { reader.unsafe(value.line, because: why, at: node) }
            })
    }

    /// A key that fills one property with a value between two bounds.
    public init<Value: ConfigurationValue & Comparable>(
        _ name: String, _ property: any WritableKeyPath<Section, Value> & Sendable, in range: ClosedRange<Value>, _ about: String,
        risk: Risk<Value>? = nil
    ) {
        let bounds = Bounds(text: "\(range.lowerBound.line) to \(range.upperBound.line)", integers: range as? ClosedRange<Int>)
        self.init(
            name, about, form: Value.form, defaultText: Section()[keyPath: property].line, isRequired: false, risk: risk?.sentence,
            bounds: bounds, rows: { section, path in section[keyPath: property].rows(at: path) },
            read: { node, section, reader in
                guard let value = Value.read(node, over: nil, with: &reader) else { return }
                guard range.contains(value) else {
                    return reader.error("`\(value.line)` is not in the range \(bounds.text)", at: node)
                }
                section[keyPath: property] = value
                if let risk, let why = risk.reason(value) { reader.unsafe(value.line, because: why, at: node) }
            })
    }

    /// A key that is read in its own way.
    public init(
        _ name: String, _ about: String, form: ValueForm, defaultText: String = "", isRequired: Bool = false, risk: String? = nil,
        bounds: Bounds? = nil,
        rows: @escaping @Sendable (Section, String) -> [ConfigurationRow] = { _, _ in [] },
        read: @escaping @Sendable (YAMLNode, inout Section, inout ConfigurationReader) -> Void
    ) {
        self.name = name
        self.about = about
        self.form = form
        self.defaultText = defaultText
        self.isRequired = isRequired
        self.risk = risk
        self.bounds = bounds
        self.rows = rows
        self.read = read
    }

    /// This key for a section that holds `Section` in a property, so that its keys stand among the outer section's own.
    public func lifted<Outer: ConfigurationSection>(
        into property: any WritableKeyPath<Outer, Section> & Sendable
    ) -> ConfigurationKey<Outer> {
        let (rows, read) = (rows, read)
        return ConfigurationKey<Outer>(
            name, about, form: form, defaultText: defaultText, isRequired: isRequired, risk: risk,
            bounds: bounds.map { .init(text: $0.text, integers: $0.integers) },
            rows: { rows($0[keyPath: property], $1) },
            read: { node, outer, reader in read(node, &outer[keyPath: property], &reader) })
    }
}

/// Which values of a key are unsafe. They work, and are listed with the reason wherever the configuration is checked.
public struct Risk<Value>: Sendable {
    /// A sentence for the documentation, such as "`false` lets anyone answer for the upstream".
    public let sentence: String
    /// Why this value is unsafe; nil where it is safe.
    public let reason: @Sendable (Value) -> String?

    /// A risk that all values have for which the test holds.
    ///
    /// - Parameters:
    ///   - words: the unsafe values as they are written.
    ///   - why: the reason, as a clause.
    public init(_ words: String, because why: String, when test: @escaping @Sendable (Value) -> Bool) {
        sentence = "\(words): \(why)."
        reason = { test($0) ? why : nil }
    }

    /// A risk whose reason depends on the value.
    init(sentence: String, reason: @escaping @Sendable (Value) -> String?) {
        self.sentence = sentence
        self.reason = reason
    }
}

extension Risk where Value == Bool {
    /// `true` is unsafe.
    public static func ifTrue(_ why: String) -> Risk { Risk("`true`", because: why) { $0 } }
    /// `false` is unsafe.
    public static func ifFalse(_ why: String) -> Risk { Risk("`false`", because: why) { !$0 } }
}
