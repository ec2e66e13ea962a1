import Foundation
public import JSONSchema
import StrictJSON

/// Runs folders in the form of the official JSON Schema test suite.
public struct SchemaSuite {
    /// The dialect of files whose path names no draft; 2020-12.
    public var dialect = Dialect.draft202012
    /// The folder behind `http://localhost:1234/`; nil looks for `remotes` beside the folder and above it.
    public var remotes: String?
    private let write: (String) -> Void

    /// A runner with the defaults.
    ///
    /// - Parameter write: takes each line; prints it by default.
    public init(write: @escaping (String) -> Void = { print($0) }) { self.write = write }

    /// Runs all files in a folder and below it, and prints what failed and a closing line `N passed, N failed`.
    ///
    /// A path with `draft7` or another draft's name sets the dialect, `optional/format` asserts formats, as the suite means them.
    /// - Returns: true where nothing failed and something ran.
    public func run(folder: String) throws -> Bool {
        var (passed, failed): (Int, [String]) = (0, [])
        var registries: [Dialect: SchemaRegistry] = [:]
        let root = URL(fileURLWithPath: folder).standardizedFileURL.path
        for path in SchemaFiles.jsonFiles(in: root) where !path.hasPrefix("remotes/") {
            guard let options = options(for: root + "/" + path) else { continue }
            let registry = registries[options.dialect] ?? loadRemotes(near: root, options.dialect)
            registries[options.dialect] = registry
            let result = try SchemaTestFile(SchemaFiles.bytes(root + "/" + path)).run(registry: registry, options: options)
            passed += result.passed
            failed += result.failed.map { "\(path): \($0)" }
        }
        for failure in failed { write("failed: \(failure)") }
        write("\(passed) passed, \(failed.count) failed")
        return failed.isEmpty && passed > 0
    }

    /// What a file's place in the suite asks for; nil for drafts that are not understood.
    private func options(for path: String) -> SchemaOptions? {
        var options = SchemaOptions()
        options.dialect = dialect
        let names: [Substring: Dialect] = [
            "draft4": .draft4, "draft6": .draft6, "draft7": .draft7, "draft2019-09": .draft201909, "draft2020-12": .draft202012,
        ]
        let parts = path.split(separator: "/")
        if parts.contains("draft3") || parts.contains("v1") { return nil }
        if let named = parts.last(where: { names[$0] != nil }).flatMap({ names[$0] }) { options.dialect = named }
        if path.contains("/format/") { options.assertsFormats = true }
        options.assertsContent = path.hasSuffix("/optional/content.json") && options.dialect == .draft7
        return options
    }

    private func loadRemotes(near folder: String, _ dialect: Dialect) -> SchemaRegistry {
        var registry = SchemaRegistry()
        guard let base = remotes ?? findRemotes(from: folder) else { return registry }
        for path in SchemaFiles.jsonFiles(in: base) {
            // Remotes of drafts that are not understood are of no use here.
            guard let document = try? JSONDocument(SchemaFiles.bytes(base + "/" + path)) else { continue }
            try? registry.add(document, at: "http://localhost:1234/" + path, dialect: dialect)
        }
        return registry
    }

    private func findRemotes(from folder: String) -> String? {
        var url = URL(fileURLWithPath: folder)
        while url.path != "/" {
            let candidate = url.appendingPathComponent("remotes").path
            if FileManager.default.fileExists(atPath: candidate) { return candidate }
            url.deleteLastPathComponent()
        }
        return nil
    }
}
