internal import Foundation

/// What the loader needs of the outside world: files and variables. Passed in, so that tests need neither.
public struct ConfigurationEnvironment: Sendable {
    /// The bytes of a file; throws a `FileFailure`.
    public var read: @Sendable (_ path: String, _ limit: Int) throws(FileFailure) -> [UInt8]
    /// The names in a folder; nil for what is no folder.
    public var list: @Sendable (_ path: String) -> [String]?
    /// Something that differs whenever the file or a link on its way changes; nil where there is no such file.
    public var stamp: @Sendable (_ path: String) -> FileStamp?
    /// A variable's value.
    public var variable: @Sendable (_ name: String) -> String?

    /// An environment of closures.
    public init(
        read: @escaping @Sendable (_ path: String, _ limit: Int) throws(FileFailure) -> [UInt8],
        stamp: @escaping @Sendable (_ path: String) -> FileStamp?,
        variable: @escaping @Sendable (_ name: String) -> String?,
        list: @escaping @Sendable (_ path: String) -> [String]? = { _ in nil }
    ) {
        self.list = list
        self.read = read
        self.stamp = stamp
        self.variable = variable
    }

    /// The process's own files and variables.
    public static var process: ConfigurationEnvironment {
        ConfigurationEnvironment(
            read: { path, limit throws(FileFailure) in try readFile(path, limit: limit) }, stamp: FileStamp.init(ofFile:),
            variable: { ProcessInfo.processInfo.environment[$0] },
            list: { try? FileManager.default.contentsOfDirectory(atPath: $0) })
    }

    /// Files and variables from memory.
    public static func memory(files: [String: String], variables: [String: String] = [:]) -> ConfigurationEnvironment {
        ConfigurationEnvironment(
            read: { path, limit throws(FileFailure) in
                guard let text = files[path] else { throw FileFailure(reason: "there is no such file") }
                guard text.utf8.count <= limit else { throw FileFailure(reason: "it is larger than \(limit) bytes") }
                return Array(text.utf8)
            },
            stamp: { path in
                if let text = files[path] { return FileStamp(target: path, bytes: text.utf8.count, modified: 0, number: 0) }
                let count = files.keys.count { $0.hasPrefix(path + "/") }
                return count == 0 ? nil : FileStamp(target: path, bytes: count, modified: 0, number: 0)
            },
            variable: { variables[$0] },
            list: { path in
                let names = files.keys.filter { $0.hasPrefix(path + "/") }.compactMap {
                    $0.dropFirst(path.count + 1).split(separator: "/").first
                }
                return names.isEmpty ? nil : Set(names).map(String.init)
            })
    }
}

/// Why a file could not be read.
public struct FileFailure: Error, Sendable {
    /// A clause such as `there is no such file`.
    public let reason: String

    /// A failure.
    public init(reason: String) { self.reason = reason }
}

/// What tells one version of a file from another without reading it.
public struct FileStamp: Sendable, Hashable {
    let target: String
    let bytes: Int
    let modified: Double
    let number: Int

    init(target: String, bytes: Int, modified: Double, number: Int) {
        self.target = target
        self.bytes = bytes
        self.modified = modified
        self.number = number
    }

    init?(ofFile path: String) {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target) else { return nil }
        self.target = target
        bytes = (attributes[.size] as? NSNumber)?.intValue ?? 0
        modified = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        number = (attributes[.systemFileNumber] as? NSNumber)?.intValue ?? 0
    }
}

private func readFile(_ path: String, limit: Int) throws(FileFailure) -> [UInt8] {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw FileFailure(reason: "there is no such file")
    }
    guard !isFolder.boolValue else { throw FileFailure(reason: "it is a folder") }
    guard let handle = FileHandle(forReadingAtPath: path) else { throw FileFailure(reason: "it may not be read") }
    defer { try? handle.close() }
    do {
        let data = try handle.read(upToCount: limit + 1) ?? Data()
        guard data.count <= limit else { throw FileFailure(reason: "it is larger than \(limit) bytes") }
        return Array(data)
    } catch let failure as FileFailure {
        throw failure
    } catch {
        throw FileFailure(reason: "it cannot be read")
    }
}
