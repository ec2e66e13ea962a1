import Foundation
import JSONSchema
import StrictJSON

/// Files that the schema commands read.
enum SchemaFiles {
    /// The bytes of a file; `-` is standard input.
    static func bytes(_ path: String) throws -> [UInt8] {
        let data = try path == "-" ? FileHandle.standardInput.readToEnd() ?? Data() : Data(contentsOf: URL(fileURLWithPath: path))
        return [UInt8](data)
    }

    /// The JSON files in a folder and below it, as paths relative to the folder, in order.
    static func jsonFiles(in folder: String) -> [String] {
        guard let paths = FileManager.default.enumerator(atPath: folder) else { return [] }
        return paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".json") }.sorted()
    }
}
