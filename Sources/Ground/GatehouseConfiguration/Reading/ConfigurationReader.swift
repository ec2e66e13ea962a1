/// Takes what is found while a file is decoded: errors, unsafe choices, where each setting comes from, which files it names.
public struct ConfigurationReader: Sendable {
    /// The outside world.
    let environment: ConfigurationEnvironment
    /// The file as the user named it.
    let file: String
    /// The folder that relative paths start from.
    let folder: String
    /// What a service starts from; set before services are read.
    var inherited = Inherited()

    private(set) var diagnostics: [Diagnostic] = []
    private(set) var unsafeChoices: [UnsafeChoice] = []
    private(set) var origins: [String: SourcePlace] = [:]
    private(set) var files: [TrackedFile] = []
    private(set) var sources: [String: String]
    private var path = ""

    /// Settings that hold unless a service or route overrides them.
    struct Inherited: Sendable {
        var guards = Guards()
        var limits = RouteLimits()
        var timeouts = RouteTimeouts()
    }

    init(environment: ConfigurationEnvironment, file: String, folder: String, source: String) {
        self.environment = environment
        self.file = file
        self.folder = folder
        sources = [file: source]
    }

    /// How many errors there are so far.
    var errorCount: Int { diagnostics.count { $0.severity == .error } }

    /// The key path of what is being read.
    public var keyPath: String { path }

    /// Records an error at a node.
    public mutating func error(_ message: String, at node: YAMLNode, help: [String] = []) {
        record(.error, message, at: node.place, help: help)
    }

    /// Records a warning at a node.
    public mutating func warning(_ message: String, at node: YAMLNode, help: [String] = []) {
        record(.warning, message, at: node.place, help: help)
    }

    /// Records that a node is of another kind than expected.
    public mutating func mismatch(_ node: YAMLNode, expected: String) {
        error("expected \(expected), found \(node.kind)", at: node)
    }

    /// Records an unsafe choice: it works, and is listed.
    public mutating func unsafe(_ value: String, because why: String, at node: YAMLNode) {
        unsafeChoices.append(UnsafeChoice(path: path, value: value, reason: why, place: SourcePlace(file: file, span: node.place)))
    }

    mutating func record(
        _ severity: Diagnostic.Severity, _ message: String, at span: SourceSpan, in other: String? = nil, help: [String] = [],
        showsSource: Bool = true
    ) {
        guard diagnostics.count < Self.maxDiagnostics else { return }
        diagnostics.append(
            Diagnostic(
                severity: severity, message: message, place: SourcePlace(file: other ?? file, span: span), path: path, help: help,
                showsSource: showsSource))
    }

    mutating func unknown(_ entry: YAMLNode.Entry, known: [String]) {
        guard diagnostics.count < Self.maxDiagnostics else { return }
        let near = nearest(to: entry.key, among: known)
        let help =
            near.map { "did you mean `\($0)`?" } ?? place(of: entry.key) ?? "known keys: " + known.map { "`\($0)`" }.joined(separator: ", ")
        within(step(entry.key)) { $0.record(.error, "unknown key `\(entry.key.clipped)`", at: entry.place, help: [help]) }
    }

    mutating func enter(key: String, at entry: YAMLNode.Entry, _ body: (inout ConfigurationReader) -> Void) {
        within(step(key)) { reader in
            reader.origins[reader.path] = SourcePlace(file: reader.file, span: entry.place)
            body(&reader)
        }
    }

    mutating func enter(index: Int, at node: YAMLNode, _ body: (inout ConfigurationReader) -> Void) {
        within("\(path)[\(index)]") { reader in
            reader.origins[reader.path] = SourcePlace(file: reader.file, span: node.place)
            body(&reader)
        }
    }

    /// Remembers where a key was set that does not stand there by its name.
    mutating func origin(of key: String, at node: YAMLNode) {
        origins[step(key)] = SourcePlace(file: file, span: node.place)
    }

    /// Remembers the origins of a list's element under a name as well, since its index changes when lists are merged.
    mutating func rename(index: Int, to name: String) {
        let old = "\(path)[\(index)]"
        let section = path.hasSuffix(".limits") ? String(path.dropLast(7)) : path
        for (key, place) in origins where key == old || key.hasPrefix(old + ".") {
            origins["\(section).\(name)" + key.dropFirst(old.count)] = place
        }
    }

    /// Remembers the origins of what is being read under another key path of the enclosing section as well.
    mutating func copyOrigins(to other: String) {
        let outer = path.lastIndex(of: ".").map { String(path[...$0]) } ?? ""
        for (key, place) in origins where key.hasPrefix(path + ".") { origins[outer + other + key.dropFirst(path.count)] = place }
    }

    /// The absolute path of what the file names.
    func absolute(_ named: String) -> String { named.hasPrefix("/") ? named : folder + "/" + named }

    /// Remembers a named file, so that a change of it counts as a change of the configuration.
    ///
    /// To be called before the file is read, so that no change slips between.
    mutating func track(_ file: String) {
        guard !files.contains(where: { $0.path == file }) else { return }
        files.append(TrackedFile(path: file, stamp: environment.stamp(file)))
    }

    /// Remembers the text of another file for diagnostics.
    mutating func remember(_ text: String, of file: String) { sources[file] = text }

    /// Where else a key of this name stands.
    private func place(of key: String) -> String? {
        let places = allSections().filter { $0.type.document.keys.contains { $0.name == key } }.compactMap(\.paths.first)
        guard !places.isEmpty, places.count <= 4 else { return nil }
        let names = places.map { $0.isEmpty ? "at the top" : "in `\($0)`" }
        return "`\(key)` stands " + names.joined(separator: " or ")
    }

    private func step(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private mutating func within(_ inner: String, _ body: (inout ConfigurationReader) -> Void) {
        let outer = path
        path = inner
        body(&self)
        path = outer
    }

    private static let maxDiagnostics = 200
}

/// A setting that works and that someone should know about.
public struct UnsafeChoice: Sendable, Equatable {
    /// The key path.
    public let path: String
    /// The value.
    public let value: String
    /// What it exposes, as a clause.
    public let reason: String
    /// Where it is written.
    public let place: SourcePlace
}
