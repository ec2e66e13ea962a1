internal import Foundation
public import SecLang

/// Reads rule text from disk for the engine, and finds the Core Rule Set by itself.
public struct RuleFiles: Sendable {
    /// No file of rules or data may be larger: 16 MiB.
    public static let sizeLimit = 16 * 1024 * 1024

    /// Where Debian's package `modsecurity-crs` puts the rules.
    public static let packagedRules = "/usr/share/modsecurity-crs"
    /// Where it puts their setup.
    public static let packagedSetup = "/etc/modsecurity/crs"

    /// Why rules cannot be read.
    public struct Failure: Error, CustomStringConvertible, Sendable, Equatable {
        /// In one line.
        public var description: String

        /// Gives a reason.
        public init(description: String) { self.description = description }
    }

    /// Makes a reader.
    public init() {}

    /// The Core Rule Set of a folder, or of the system's package where no folder is named.
    ///
    /// A folder is one of these: a checkout or release of the Core Rule Set (`crs-setup.conf` or `crs-setup.conf.example`, `rules/*.conf`),
    /// or any folder of `.conf` files, which are read in the order of their names.
    /// - Throws: `Failure`, with the package to install where there are no rules at all.
    public func coreRuleSet(folder: String? = nil) throws -> [RuleSource] {
        guard let folder else { return try packaged() }
        guard isFolder(folder) else { throw Failure(description: "`\(folder)` is no folder of rules") }
        if isFolder(folder + "/rules"), let setup = firstFile(["crs-setup.conf", "crs-setup.conf.example"].map { folder + "/" + $0 }) {
            return try [read(setup)] + configurations(in: folder + "/rules")
        }
        return try configurations(in: folder)
    }

    private func packaged() throws -> [RuleSource] {
        let rules = Self.packagedRules + "/rules"
        guard isFolder(rules), let setup = firstFile([Self.packagedSetup + "/crs-setup.conf"]) else {
            throw Failure(
                description: "the Core Rule Set is not installed: install the package `modsecurity-crs`, or name a folder of rules")
        }
        let before = try firstFile([Self.packagedSetup + "/REQUEST-900-EXCLUSION-RULES-BEFORE-CRS.conf"]).map { [try read($0)] } ?? []
        let after = try firstFile([Self.packagedSetup + "/RESPONSE-999-EXCLUSION-RULES-AFTER-CRS.conf"]).map { [try read($0)] } ?? []
        return try [read(setup)] + before + configurations(in: rules) + after
    }

    private func configurations(in folder: String) throws -> [RuleSource] {
        let sources = try matches(of: folder + "/*.conf").map(read)
        guard !sources.isEmpty else { throw Failure(description: "there are no `.conf` files in `\(folder)`") }
        return sources
    }

    /// Whether there is a file or folder of a name.
    public func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// One file.
    public func read(_ path: String) throws -> RuleSource { RuleSource(name: path, text: try bytes(path)) }

    /// What the engine asks for files with: paths that are not absolute start at the folder of the file that names them.
    public var resolver: RuleResolver {
        RuleResolver(
            include: { pattern, file, isOptional in
                let path = self.absolute(pattern, from: file)
                let found = self.matches(of: path)
                guard !found.isEmpty || isOptional else { throw Failure(description: "no file is called `\(path)`") }
                return try found.map(self.read)
            },
            data: { path, file in try self.bytes(self.absolute(path, from: file)) },
            geo: { path, file in try MaxMindDatabase(path: self.absolute(path, from: file)) })
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int, isFolder(path) == false else {
            throw Failure(description: "no file is called `\(path)`")
        }
        guard size <= Self.sizeLimit else { throw Failure(description: "`\(path)` is larger than \(Self.sizeLimit) bytes") }
        guard let data = FileManager.default.contents(atPath: path) else { throw Failure(description: "`\(path)` cannot be read") }
        return Array(data)
    }

    private func absolute(_ path: String, from file: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        guard let slash = file.lastIndex(of: "/") else { return path }
        return String(file[..<slash]) + "/" + path
    }

    private func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    private func firstFile(_ paths: [String]) -> String? { paths.first { FileManager.default.fileExists(atPath: $0) && !isFolder($0) } }
}

extension RuleFiles {
    /// The files that a pattern with `*`, `?` and `[…]` in its parts names, in the order of their names.
    func matches(of pattern: String) -> [String] {
        let parts = pattern.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        var found = [pattern.hasPrefix("/") ? "/" : "."]
        for part in parts {
            found = found.flatMap { folder in
                let base = folder == "/" ? "/" : folder + "/"
                guard part.contains(where: { "*?[".contains($0) }) else {
                    return FileManager.default.fileExists(atPath: base + part) ? [base + part] : []
                }
                let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
                return names.filter { Glob(part).accepts($0) }.sorted().map { base + $0 }
            }
        }
        return found
    }
}

/// A pattern for names of files.
struct Glob {
    private let pattern: [Character]

    init(_ pattern: String) { self.pattern = Array(pattern) }

    func accepts(_ name: String) -> Bool {
        guard !name.hasPrefix(".") || pattern.first == "." else { return false }
        return accepts(Array(name)[...], pattern[...])
    }

    private func accepts(_ name: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        if first == "*" {
            return (name.startIndex...name.endIndex).contains { accepts(name[$0...], pattern.dropFirst()) }
        }
        guard let character = name.first else { return false }
        if first == "?" { return accepts(name.dropFirst(), pattern.dropFirst()) }
        guard first == "[", let end = pattern.dropFirst(2).firstIndex(of: "]") else {
            return first == character && accepts(name.dropFirst(), pattern.dropFirst())
        }
        let members = pattern[(pattern.startIndex + 1)..<end]
        return members.contains(character) && accepts(name.dropFirst(), pattern[(end + 1)...])
    }
}
