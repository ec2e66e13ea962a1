/// A file of names, hashes and what each name may do, one a line; `#` begins a comment line.
public struct CredentialFile: Sendable, Equatable {
    /// The file.
    public var path: FilePath
    /// What it held when the configuration was loaded.
    public var entries: [Entry]

    /// One name.
    public struct Entry: Sendable, Equatable {
        /// The name; unique.
        public var name: String
        /// The hash as written: `sha256:` and 64 digits, or a PHC string of Argon2id.
        public var hash: String
        /// Scopes.
        public var scopes: [String] = []
        /// Groups.
        public var groups: [String] = []
        /// Roles.
        public var roles: [String] = []
        /// Seconds since 1970 from which it no longer counts; nil: never.
        public var expires: Int64?
        var line = 0

        /// A name that may do nothing more.
        public init(name: String, hash: String) {
            self.name = name
            self.hash = hash
        }
    }

    /// What the hashes of a file are of.
    enum Kind {
        case keys
        case passwords
    }

    /// A file with its content.
    public init(path: FilePath, entries: [Entry]) {
        self.path = path
        self.entries = entries
    }

    /// Records entries of the wrong kind.
    func check(_ kind: Kind, _ node: YAMLNode, with reader: inout ConfigurationReader) {
        for entry in entries where entry.isKey != (kind == .keys) {
            let wanted = kind == .keys ? "`sha256:` and 64 hexadecimal digits" : "an Argon2id hash, `$argon2id$v=19$m=19456,t=2,p=1$…`"
            reader.record(
                .error, "the hash of `\(entry.name.clipped)` is not \(wanted)", at: SourceSpan(line: entry.line, column: 1), in: path.path,
                showsSource: false)
        }
    }
}

extension CredentialFile: ConfigurationValue {
    /// A path.
    public static var form: ValueForm { FilePath.form }

    /// Reads the lines. Each bad line is an error in that file; its text is never shown.
    public static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        guard let path = FilePath.read(node, over: nil, with: &reader), let text = reader.text(of: path, limit: 64 << 20, at: node) else {
            return nil
        }
        var entries: [Entry] = []
        var names: Set<String> = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            switch Entry.parse(words, line: index + 1) {
            case .success(let entry) where names.insert(entry.name).inserted: entries.append(entry)
            case .success(let entry): refuse("the name `\(entry.name.clipped)` stands twice", index, path, &reader)
            case .failure(let reason): refuse(reason.text, index, path, &reader)
            }
        }
        return CredentialFile(path: path, entries: entries)
    }

    /// The path and how many names it holds.
    public func rows(at path: String) -> [ConfigurationRow] {
        [ConfigurationRow(path: path, value: "\(self.path) (\(entries.count) name\(entries.count == 1 ? "" : "s"))")]
    }

    private static func refuse(_ reason: String, _ index: Int, _ path: FilePath, _ reader: inout ConfigurationReader) {
        reader.record(.error, reason, at: SourceSpan(line: index + 1, column: 1), in: path.path, showsSource: false)
    }
}

extension CredentialFile.Entry {
    struct Failure: Error { var text: String }

    var isKey: Bool { hash.hasPrefix("sha256:") }

    static func parse(_ words: [Substring], line: Int) -> Result<Self, Failure> {
        guard words.count >= 2 else { return .failure(Failure(text: "a line has a name and a hash")) }
        var entry = Self(name: String(words[0]), hash: String(words[1]))
        entry.line = line
        guard !entry.name.contains(":") else { return .failure(Failure(text: "a name has no colon")) }
        let digits = entry.hash.dropFirst(7)
        let isHash = entry.isKey && digits.utf8.count == 64 && digits.allSatisfy(\.isHexDigit) || entry.hash.hasPrefix("$argon2id$")
        guard isHash else { return .failure(Failure(text: "the second word is no hash: `sha256:` and 64 digits, or `$argon2id$…`")) }
        for word in words.dropFirst(2) {
            guard let equals = word.firstIndex(of: "=") else { return .failure(Failure(text: "an attribute is `name=value`")) }
            let values = word[word.index(after: equals)...].split(separator: ",").map(String.init)
            switch word[..<equals] {
            case "scopes": entry.scopes = values
            case "groups": entry.groups = values
            case "roles": entry.roles = values
            case "expires":
                guard let date = values.first.flatMap(daySeconds) else {
                    return .failure(Failure(text: "`expires` is a date such as `2027-01-31`"))
                }
                entry.expires = date
            default: return .failure(Failure(text: "known attributes are `scopes`, `groups`, `roles`, `expires`"))
            }
        }
        return .success(entry)
    }

    /// The end of a day in UTC, in seconds since 1970.
    private static func daySeconds(_ text: String) -> Int64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2, let year = Int64(parts[0]),
            let month = Int64(parts[1]), let day = Int64(parts[2]), (1970...9999).contains(year), (1...12).contains(month),
            (1...31).contains(day)
        else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468 + 1) * 86_400
    }
}
