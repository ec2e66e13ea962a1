internal import GatehouseCore

extension FilePath: ConfigurationValue {
    /// A path, relative to the folder of the file that names it.
    public static var form: ValueForm { .scalar(ScalarForm("path", example: "certificates/site.pem")) }

    /// Reads the path and makes it absolute; whether anything is there is for the key to say.
    public static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        guard let text = node.scalar, !text.isEmpty else {
            reader.mismatch(node, expected: "a path")
            return nil
        }
        guard !text.utf8.contains(where: { $0 < 32 }) else {
            reader.error("`\(text.clipped)` is not a path", at: node)
            return nil
        }
        return FilePath(reader.absolute(text))
    }

    /// The path.
    public func rows(at path: String) -> [ConfigurationRow] { [ConfigurationRow(path: path, value: self.path)] }
}

/// A file that must be there when the configuration is loaded; a change of it counts as a change of the configuration.
///
/// Wraps `FilePath` in the keys of sections whose properties are plain paths.
struct ExistingFile: ConfigurationValue {
    static var form: ValueForm { FilePath.form }
    var file: FilePath

    static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        guard let file = FilePath.read(node, over: nil, with: &reader) else { return nil }
        reader.track(file.path)
        guard reader.exists(file) else {
            reader.error("there is no file `\(file)`", at: node)
            return nil
        }
        return ExistingFile(file: file)
    }

    func rows(at path: String) -> [ConfigurationRow] { file.rows(at: path) }
}

extension FilePath {
    /// The same file as one that must exist, for a key's property.
    var existing: ExistingFile {
        get { ExistingFile(file: self) }
        set { self = newValue.file }
    }
}

extension Optional<FilePath> {
    /// The same file as one that must exist, for a key's property.
    var existing: ExistingFile? {
        get { map(ExistingFile.init) }
        set { self = newValue?.file }
    }
}

extension AddressFile: ConfigurationValue {
    /// A path.
    public static var form: ValueForm { FilePath.form }

    /// Reads the list, one network a line; `#` begins a comment. Each bad line is an error in that file.
    public static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        guard let path = FilePath.read(node, over: nil, with: &reader), let text = reader.text(of: path, limit: maxBytes, at: node) else {
            return nil
        }
        reader.remember(text, of: path.path)
        var blocks: [CIDRBlock] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let word = line.prefix { $0 != "#" }.trimmed
            guard !word.isEmpty else { continue }
            if let block = CIDRBlock(text: word) {
                blocks.append(block)
            } else {
                reader.record(.error, "`\(word.clipped)` is not a network", at: SourceSpan(line: index + 1, column: 1), in: path.path)
            }
        }
        return AddressFile(path: path, blocks: blocks)
    }

    /// The path and how many networks it holds.
    public func rows(at path: String) -> [ConfigurationRow] {
        [ConfigurationRow(path: path, value: "\(self.path) (\(blocks.count) network\(blocks.count == 1 ? "" : "s"))")]
    }

    private static let maxBytes = 16 << 20
}

extension Secret: ConfigurationValue {
    /// `env:NAME` or `file:PATH`.
    public static var form: ValueForm {
        .scalar(
            ScalarForm(
                "secret by reference", plural: "secrets by reference", example: "file:/run/secrets/database", pattern: "^(env|file):.+$"))
    }

    /// Fetches the secret from where it is kept.
    ///
    /// Refuses: anything but a reference, so that no secret stands in the file; an empty secret.
    public static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        guard let text = node.scalar else {
            reader.mismatch(node, expected: "a secret by reference")
            return nil
        }
        let value: String?
        let reference: SecretReference
        if text.hasPrefix("env:") {
            reference = .environment(String(text.dropFirst(4)))
            value = reader.environment.variable(String(text.dropFirst(4)))
            if value == nil { reader.error("the variable `\(text.dropFirst(4))` is not set", at: node) }
        } else if text.hasPrefix("file:") {
            let path = FilePath(reader.absolute(String(text.dropFirst(5))))
            reference = .file(path)
            value = reader.text(of: path, limit: 64 << 10, at: node).map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }
        } else {
            // never repeats the text: it may be the secret itself
            reader.record(
                .error, "a secret does not stand in this file", at: node.place, help: ["write `env:NAME` or `file:PATH`"],
                showsSource: false)
            return nil
        }
        guard let value else { return nil }
        guard !value.isEmpty else {
            reader.error("the secret `\(reference)` is empty", at: node)
            return nil
        }
        return Secret(reference: reference, value: Redacted(value))
    }

    /// The reference.
    public func rows(at path: String) -> [ConfigurationRow] { [ConfigurationRow(path: path, value: reference.description)] }
}

extension ConfigurationReader {
    func exists(_ file: FilePath) -> Bool { environment.stamp(file.path) != nil }

    /// The text of a named file, which is watched from now on; nil after an error was recorded.
    mutating func text(of file: FilePath, limit: Int, at node: YAMLNode) -> String? {
        track(file.path)
        let bytes: [UInt8]
        do {
            bytes = try environment.read(file.path, limit)
        } catch {
            self.error("`\(file)` cannot be read: \(error.reason)", at: node)
            return nil
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            error("`\(file)` is not UTF-8", at: node)
            return nil
        }
        return text
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var rest = self
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest.drop(while: \.isWhitespace))
    }
}
