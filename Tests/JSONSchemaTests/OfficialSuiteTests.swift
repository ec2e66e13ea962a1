import ConformanceSupport
import Foundation
import JSONSchema
import StrictJSON
import Testing

@Suite struct OfficialSuiteTests {
    static let suite = ConformanceSuite("json-schema-tests")

    @Test(.enabled(if: suite.isPresent), arguments: [("draft2020-12", Dialect.draft202012), ("draft2019-09", .draft201909), ("draft7", .draft7), ("draft6", .draft6), ("draft4", .draft4)])
    func everyTestOfADraftComesOutAsItSays(folder: String, dialect: Dialect) throws {
        var options = SchemaOptions()
        options.dialect = dialect
        let registry = try remotes(dialect)
        for (place, assertsFormats) in [("", Optional<Bool>.none), ("/optional", .none), ("/optional/format", true)] {
            options.assertsFormats = assertsFormats
            options.assertsContent = place == "/optional" && dialect == .draft7
            let path = Self.suite.folder.appendingPathComponent("tests/" + folder + place)
            var (passed, failed): (Int, [String]) = (0, [])
            for file in (try? FileManager.default.contentsOfDirectory(atPath: path.path))?.sorted() ?? [] where file.hasSuffix(".json") {
                let tests = try SchemaTestFile([UInt8](Data(contentsOf: path.appendingPathComponent(file))))
                let result = tests.run(registry: registry, options: options)
                passed += result.passed
                failed += result.failed.map { "\(folder)\(place)/\(file): \($0)" }
            }
            if passed + failed.count > 0 { Self.suite.report(passed: passed, failed: failed) }
            #expect(failed.isEmpty)
        }
    }

    private func remotes(_ dialect: Dialect) throws -> SchemaRegistry {
        var registry = SchemaRegistry()
        let folder = Self.suite.folder.appendingPathComponent("remotes")
        for path in FileManager.default.enumerator(atPath: folder.path)?.compactMap({ $0 as? String }) ?? [] where path.hasSuffix(".json") {
            guard let document = try? JSONDocument([UInt8](Data(contentsOf: folder.appendingPathComponent(path)))) else { continue }
            try? registry.add(document, at: "http://localhost:1234/" + path, dialect: dialect)
        }
        return registry
    }
}
