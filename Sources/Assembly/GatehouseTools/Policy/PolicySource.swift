public import Cedar
import Foundation
import GatehouseAuthorization
import StrictJSON

/// Where the pieces of a decision come from: files, or JSON and text given in place.
struct PolicySource {
    /// The bytes of a value: those of the file that a string names, else of the text itself; JSON in place as JSON.
    func bytes(_ value: JSONValue) throws -> [UInt8] {
        guard let text = value.string else { return value.bytes() }
        return try Self.file(text) ?? Array(text.utf8)
    }

    /// The bytes of a file; nil where the text is no path of one.
    private static func file(_ path: String) throws -> [UInt8]? {
        guard !path.isEmpty, path.utf8.count < 4096, !path.contains("\n"), FileManager.default.fileExists(atPath: path) else { return nil }
        return try PolicyFiles.bytes(path)
    }
}

/// Files of policies, entities and schemas.
public enum PolicyFiles {
    /// The bytes of a file.
    ///
    /// - Throws: ``PolicyToolError`` where it cannot be read.
    static func bytes(_ path: String) throws -> [UInt8] {
        do {
            if path == "-" { return [UInt8](FileHandle.standardInput.readDataToEndOfFile()) }
            guard let handle = FileHandle(forReadingAtPath: path) else { throw PolicyToolError("cannot open") }
            return [UInt8](try handle.readToEnd() ?? Data())
        } catch {
            throw PolicyToolError("cannot read `\(path)`")
        }
    }

    /// A policy set from a file of Cedar text or JSON, or from a folder of them, whose policies then have the ids that the gateway gives them.
    public static func policies(_ path: String) throws -> PolicySet {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            return try named(path) { try PolicySet(parsingEither: $0) }
        }
        let chosen = names.filter { ($0.hasSuffix(".cedar") || $0.hasSuffix(".cedar.json")) && !$0.hasPrefix(".") }.sorted()
        return try PolicyBundle.policies(of: try chosen.map { PolicyBundle.File(name: "\(path)/\($0)", bytes: try bytes("\(path)/\($0)")) })
    }

    /// A schema from a file in either form.
    public static func schema(_ path: String) throws -> Schema {
        try named(path) { try Schema(parsing: $0) }
    }

    /// Entities from a JSON file.
    public static func entities(_ path: String, _ schema: Schema?) throws -> Entities {
        try named(path) { try Entities(parsing: $0, schema: schema) }
    }

    /// Names the file in what is thrown.
    static func named<Result>(_ path: String, _ read: ([UInt8]) throws -> Result) throws -> Result {
        let bytes = try bytes(path)
        do {
            return try read(bytes)
        } catch let error as CedarError {
            throw PolicyToolError("\(path): \(error)")
        }
    }
}

/// What a policy command could not do.
public struct PolicyToolError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, and where.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
