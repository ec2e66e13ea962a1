/// The words of the pages and mails, by phrase.
///
/// English is built in. A file may replace any of them, and with all of them it is another language.
public struct Catalogue: Sendable {
    /// The language, as HTML names it; `en`.
    public var language: String
    private let replaced: [Phrase: String]

    /// The built-in words, some of them replaced.
    public init(language: String = "en", replacing words: [Phrase: String] = [:]) {
        self.language = language
        replaced = words
    }

    /// A phrase with values in the places `{1}`, `{2}` …
    public func text(_ phrase: Phrase, _ values: [String] = []) -> String {
        let words = replaced[phrase] ?? phrase.english
        guard words.contains("{") else { return words }
        var text = ""
        var rest = Substring(words)
        while let brace = rest.firstIndex(of: "{") {
            text += rest[..<brace]
            let inside = rest[rest.index(after: brace)...].prefix { $0 != "}" }
            if let number = Int(inside), values.indices.contains(number - 1) {
                text += values[number - 1]
            } else {
                text += "{\(inside)}"
            }
            rest = rest[inside.endIndex...].dropFirst()
        }
        return text + rest
    }
}
