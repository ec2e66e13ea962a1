import Foundation
public import OpenAPI

/// Reads OpenAPI descriptions from files, with the files they refer to.
public enum OpenAPIFiles {
    /// Loads a description; references to files are followed from its folder on, references to URLs are not.
    ///
    /// - Throws: ``OpenAPIError`` for a description that is refused, Foundation's error for a file that cannot be read.
    public static func load(_ path: String, options: OpenAPIOptions = OpenAPIOptions()) throws -> OpenAPIValidator {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        return try OpenAPIValidator(name: path, bytes: bytes, options: options) { name in
            guard !name.contains("://"), FileManager.default.fileExists(atPath: name) else { return nil }
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: name)))
        }
    }
}
