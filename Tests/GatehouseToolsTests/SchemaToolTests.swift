import Foundation
import GatehouseTools
import JSONSchema
import Synchronization
import Testing

@Suite struct SchemaToolTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("schema-tools-\(UUID().uuidString)")

    /// Writes files into a folder of the test's own, runs the body and removes it.
    private func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let file = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try body(folder.path)
    }

    @Test func `errors name file, line, column, pointer and keyword`() throws {
        let files = [
            "s.json": #"{"properties": {"id": {"$ref": "http://a/id"}, "day": {"format": "date"}}}"#, "id.json": #"{"minimum": 1}"#,
            "good.json": #"{"id": 1}"#, "bad.json": "{\n  \"id\": 0, \"day\": \"x\"}", "broken.json": "{\"id\": 1, \"id\": 2}",
        ]
        try withFiles(files) { (folder: String) throws in
            let lines = Mutex<[String]>([])
            var validation = SchemaValidation { line in lines.withLock { $0.append(line.replacingOccurrences(of: folder + "/", with: "")) } }
            validation.documents = ["http://a/id=\(folder)/id.json"]
            #expect(try validation.run(schema: folder + "/s.json", documents: [folder + "/good.json"]))
            #expect(try !validation.run(schema: folder + "/s.json", documents: [folder + "/bad.json", folder + "/broken.json"]))
            #expect(
                lines.withLock { $0 } == [
                    "good.json: valid", "bad.json:2:9: `/id`: the number is less than the minimum of 1 [/properties/id/$ref/minimum]",
                    "bad.json:2:19: `/day`: the value is not in the format `date` [/properties/day/format]",
                    "broken.json:1:11: not JSON: duplicate key `id` [duplicate-key]",
                ])
        }
    }

    @Test func `a schema that cannot be used is a fault`() throws {
        try withFiles(["s.json": #"{"$ref": "http://elsewhere/"}"#, "d.json": "1"]) { (folder: String) throws in
            #expect(throws: SchemaError.self) { try SchemaValidation().run(schema: folder + "/s.json", documents: [folder + "/d.json"]) }
        }
    }

    @Test func `a folder of the suite's form is run by what its place says`() throws {
        let group = { (schema: String, data: String, valid: Bool) in
            "[{\"description\": \"g\", \"schema\": \(schema), \"tests\": [{\"description\": \"t\", \"data\": \(data), \"valid\": \(valid)}]}]"
        }
        let files = [
            "tests/draft7/items.json": group(#"{"items": [{"type": "null"}]}"#, "[1]", false),
            "tests/draft2020-12/ref.json": group(#"{"$ref": "http://localhost:1234/sub/a.json"}"#, "1", false),
            "tests/draft2020-12/format.json": group(#"{"format": "date"}"#, "\"x\"", true),
            "tests/draft2020-12/optional/format/date.json": group(#"{"format": "date"}"#, "\"x\"", false),
            "tests/draft2020-12/wrong.json": group("true", "1", false), "remotes/sub/a.json": #"{"type": "string"}"#,
        ]
        try withFiles(files) { (folder: String) throws in
            let lines = Mutex<[String]>([])
            let suite = SchemaSuite { line in lines.withLock { $0.append(line) } }
            #expect(try suite.run(folder: folder + "/tests/draft7"))
            #expect(try !suite.run(folder: folder + "/tests"))
            #expect(lines.withLock { $0 } == ["1 passed, 0 failed", "failed: draft2020-12/wrong.json: g: t: came out valid", "4 passed, 1 failed"])
        }
    }
}
