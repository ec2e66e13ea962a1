public import Foundation

/// A folder of outside test data, found through `GATEHOUSE_CONFORMANCE` (default `../shared`).
///
/// Suites that need it are skipped by name where the folder is absent:
/// `@Test(.enabled(if: suite.isPresent))`.
public struct ConformanceSuite: Sendable {
    /// The folder's name, such as `cedar-tests`.
    public let name: String
    /// Where the data lies.
    public let folder: URL

    /// Looks for the suite; says so on standard error where it is absent.
    public init(_ name: String) {
        self.name = name
        let base = ProcessInfo.processInfo.environment["GATEHOUSE_CONFORMANCE"] ?? "../shared"
        folder = URL(fileURLWithPath: base, isDirectory: true).appendingPathComponent(name, isDirectory: true)
        if !isPresent {
            FileHandle.standardError.write(Data("skipped: conformance suite \(name) is not at \(folder.path)\n".utf8))
        }
    }

    /// True where the data is on this machine.
    public var isPresent: Bool { FileManager.default.fileExists(atPath: folder.path) }

    /// The bytes of one file of the suite.
    ///
    /// - Throws: what Foundation throws for a file that cannot be read.
    public func data(_ path: String) throws -> Data {
        try Data(contentsOf: folder.appendingPathComponent(path))
    }

    /// Prints the suite's closing line in the form that `make conformance` collects.
    public func report(passed: Int, failed: [String], skipped: Int = 0) {
        for name in failed.prefix(50) { print("failed: \(name)") }
        print("conformance \(name): \(passed) passed, \(failed.count) failed, \(skipped) skipped")
    }
}
