internal import Crypto
internal import SecLang
internal import SecLangFiles
internal import Synchronization

/// The files that rules were read from, with digests of what they held.
struct ReadFiles: Sendable {
    /// Rule texts in the order in which they were read.
    fileprivate(set) var texts: [Digest] = []
    /// Other files that rules name: lists of phrases, databases.
    fileprivate(set) var data: [Digest] = []
    /// The includes that rules ask for.
    fileprivate(set) var includes: [Include] = []

    struct Digest: Sendable, Equatable {
        var name: String
        var sha256: [UInt8]
    }

    struct Include: Sendable, Equatable {
        var pattern: String
        var file: String
        var isOptional: Bool
    }

    /// Whether reading everything anew gives the same; `reader` has read the texts that no other text includes.
    func isUnchanged(since reader: FileRecorder) -> Bool {
        for include in includes {
            guard (try? reader.resolver.include(include.pattern, include.file, include.isOptional)) != nil else { return false }
        }
        guard data.allSatisfy({ file in (try? reader.resolver.data(file.name, "")) != nil }) else { return false }
        let now = reader.files
        return texts == now.texts && data == now.data
    }
}

/// Reads files for the rule engine and remembers what they held.
final class FileRecorder: Sendable {
    private let reader = RuleFiles()
    private let state = Mutex(ReadFiles())

    /// What was read so far.
    var files: ReadFiles { state.withLock { $0 } }

    /// The rules of a folder or file; those of the system's package without one.
    func rules(at path: String?) throws -> [RuleSource] {
        guard let path else { return note(try reader.coreRuleSet()) }
        return note(path.hasSuffix(".conf") ? [try reader.read(path)] : try reader.coreRuleSet(folder: path))
    }

    /// One file; nil where there is none.
    func optional(_ path: String) throws -> [RuleSource] {
        note(try reader.exists(path) ? [reader.read(path)] : [])
    }

    /// What the engine asks for files with.
    var resolver: RuleResolver {
        let plain = reader.resolver
        return RuleResolver(
            include: { pattern, file, isOptional in
                let found = try plain.include(pattern, file, isOptional)
                self.state.withLock { $0.includes.append(.init(pattern: pattern, file: file, isOptional: isOptional)) }
                return self.note(found)
            },
            data: { path, file in
                let bytes = try plain.data(path, file)
                let name =
                    path.hasPrefix("/")
                    ? path : String(file[..<(file.lastIndex(of: "/").map { file.index(after: $0) } ?? file.startIndex)]) + path
                self.state.withLock { $0.data.append(.init(name: name, sha256: Self.digest(bytes))) }
                return bytes
            },
            geo: { path, file in try plain.geo(path, file) })
    }

    private func note(_ sources: [RuleSource]) -> [RuleSource] {
        let digests = sources.map { ReadFiles.Digest(name: $0.name, sha256: Self.digest($0.text)) }
        state.withLock { $0.texts += digests }
        return sources
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
