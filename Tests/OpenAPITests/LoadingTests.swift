import ConformanceSupport
import Testing

@testable import OpenAPI

@Suite struct LoadingTests {
    static let suite = ConformanceSuite("openapi-docs")

    @Test(.enabled(if: suite.isPresent)) func `real documents load or are refused as labelled`() throws {
        let index = String(decoding: try Self.suite.data("INDEX.tsv"), as: UTF8.self)
        for line in index.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let isGood = fields[5] == "schema-ok" && fields[6] == "refs-ok"
            do {
                let api = try OpenAPIValidator(name: fields[0], bytes: Array(try Self.suite.data(fields[0])))
                #expect(String(api.operations.count) == fields[4], "\(fields[0])")
                #expect(isGood, "\(fields[0]) loaded")
            } catch {
                print(error)
                #expect(!isGood, "\(error)")
            }
        }
    }
}
