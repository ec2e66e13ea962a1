internal import GatehouseCore

/// Reads `gatehouse.yaml` and every file it names.
public struct ConfigurationLoader: Sendable {
    /// The file as the user named it.
    public let file: String
    private let environment: ConfigurationEnvironment

    /// A loader of one file.
    ///
    /// - Parameters:
    ///   - file: its path; relative paths inside it start from its folder.
    ///   - environment: files and variables; the process's own.
    public init(file: String, environment: ConfigurationEnvironment = .process) {
        self.file = file
        self.environment = environment
    }

    /// Reads the file.
    ///
    /// - Throws: `ConfigurationFailure` with every error found.
    public func load() throws(ConfigurationFailure) -> LoadedConfiguration {
        let stamp = environment.stamp(file)
        let bytes: [UInt8]
        do {
            bytes = try environment.read(file, YAMLLimits().bytes)
        } catch {
            throw failure("`\(file)` cannot be read: \(error.reason)", SourceSpan(line: 1, column: 1), source: "")
        }
        return try load(bytes, stamp: stamp)
    }

    /// Reads bytes as if they were the file.
    ///
    /// - Throws: `ConfigurationFailure` with every error found.
    public func load(_ bytes: [UInt8]) throws(ConfigurationFailure) -> LoadedConfiguration {
        try load(bytes, stamp: environment.stamp(file))
    }

    private func load(_ bytes: [UInt8], stamp: FileStamp?) throws(ConfigurationFailure) -> LoadedConfiguration {
        let source = try text(of: bytes)
        let document: (root: YAMLNode, duplicates: [(entry: YAMLNode.Entry, first: SourceSpan)])
        do {
            document = try YAMLReader.document(Array(source.utf8))
        } catch {
            throw failure(of: error, in: source)
        }
        var reader = ConfigurationReader(environment: environment, file: file, folder: folder, source: source)
        for (entry, first) in document.duplicates {
            reader.record(
                .error, "the key `\(entry.key.clipped)` is written twice", at: entry.place, help: ["it stands first in line \(first.line)"])
        }
        let configuration = Configuration.read(document.root, over: nil, with: &reader)
        return try finished(configuration, reader, TrackedFile(path: file, stamp: stamp))
    }

    private func finished(
        _ configuration: Configuration?, _ reader: ConfigurationReader, _ main: TrackedFile
    ) throws(ConfigurationFailure) -> LoadedConfiguration {
        guard let configuration, reader.errorCount == 0 else {
            let ordered = reader.diagnostics.enumerated().sorted {
                ($0.element.place.span.line, $0.offset) < ($1.element.place.span.line, $1.offset)
            }
            throw ConfigurationFailure(diagnostics: ordered.map(\.element), files: [main] + reader.files, sources: reader.sources)
        }
        return LoadedConfiguration(
            configuration: configuration, unsafeChoices: reader.unsafeChoices, warnings: reader.diagnostics, files: [main] + reader.files,
            origins: reader.origins, sources: reader.sources)
    }

    /// The text of the file, a byte order mark taken off.
    private func text(of bytes: [UInt8]) throws(ConfigurationFailure) -> String {
        guard bytes.count <= YAMLLimits().bytes else {
            throw failure("the file is larger than \(ByteCount(YAMLLimits().bytes))", SourceSpan(line: 1, column: 1), source: "")
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        guard let text = String(validating: body, as: UTF8.self) else {
            throw failure("the file is not UTF-8", SourceSpan(line: 1, column: 1), source: "")
        }
        return text
    }

    /// The failure of the YAML reader, with the advice that the line itself suggests.
    private func failure(of error: YAMLFailure, in source: String) -> ConfigurationFailure {
        let line = source.split(separator: "\n", maxSplits: error.place.line, omittingEmptySubsequences: false).dropFirst(
            error.place.line - 1
        ).first
        let indentation = line?.prefix { $0 == " " || $0 == "\t" } ?? ""
        guard indentation.contains("\t") else { return failure(error.message, error.place, source: source, help: error.help) }
        return failure("a tab indents this line", error.place, source: source, help: ["YAML is indented by spaces alone"])
    }

    private var folder: String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "" : String(file[..<slash])
    }

    private func failure(_ message: String, _ span: SourceSpan, source: String, help: [String] = []) -> ConfigurationFailure {
        let diagnostic = Diagnostic(
            severity: .error, message: message, place: SourcePlace(file: file, span: span), path: "", help: help, showsSource: true)
        let main = TrackedFile(path: file, stamp: environment.stamp(file))
        return ConfigurationFailure(diagnostics: [diagnostic], files: [main], sources: [file: source])
    }
}

/// A configuration that may be taken into use, with what was noticed while it was read.
public struct LoadedConfiguration: Sendable {
    /// The settings.
    public let configuration: Configuration
    /// Settings that work and that someone should know about.
    public let unsafeChoices: [UnsafeChoice]
    /// What is odd but no error.
    public let warnings: [Diagnostic]
    /// The file and every file that it names.
    public private(set) var files: [TrackedFile]
    let origins: [String: SourcePlace]
    let sources: [String: String]

    /// The text of the file, and of the lists that it names, by path.
    public var texts: [String: String] { sources }

    /// The warnings with their source lines.
    public var warningReport: String { report(of: warnings) }

    /// Diagnostics with their source lines.
    public func report(of diagnostics: [Diagnostic]) -> String { diagnostics.map { $0.printed(with: sources) }.joined(separator: "\n") }

    /// A finding of someone who looked closer than the loader, at the place of a key that the file holds.
    ///
    /// - Parameter path: the key path, such as `listeners[0].tls.client_ca`.
    public func diagnostic(_ severity: Diagnostic.Severity, _ message: String, at path: String, help: [String] = []) -> Diagnostic {
        let place = origins[path] ?? SourcePlace(file: files[0].path, span: SourceSpan(line: 1, column: 1))
        return Diagnostic(severity: severity, message: message, place: place, path: path, help: help, showsSource: true)
    }

    /// The same, watched over files that are named by what it names, such as the files that a document refers to.
    public func watching(_ paths: [String], in environment: ConfigurationEnvironment = .process) -> LoadedConfiguration {
        var loaded = self
        for path in paths where !files.contains(where: { $0.path == path }) {
            loaded.files.append(TrackedFile(path: path, stamp: environment.stamp(path)))
        }
        return loaded
    }

    /// True where a file is another one than when it was read: the time to load again.
    public func isStale(in environment: ConfigurationEnvironment = .process) -> Bool {
        files.contains { environment.stamp($0.path) != $0.stamp }
    }
}

/// A file that a configuration was made from.
public struct TrackedFile: Sendable, Hashable {
    /// Its path.
    public let path: String
    /// Its version when it was read; nil where it was not there.
    public let stamp: FileStamp?
}
