import ConformanceSupport
import Foundation
import GatehouseTools
import Testing

@Suite struct VectorTests {
    static let wycheproof = ConformanceSuite("wycheproof")
    static let acvp = ConformanceSuite("acvp")

    @Test(.enabled(if: VectorTests.wycheproof.isPresent))
    func `Wycheproof's vectors of every algorithm here pass`() throws {
        try run(Self.wycheproof)
    }

    @Test(.enabled(if: VectorTests.acvp.isPresent))
    func `NIST's vectors of FF1 pass`() throws {
        try run(Self.acvp)
    }

    @Test func `a changed output is a failure`() throws {
        let text = """
            {"algorithm":"AES-CMAC","testGroups":[{"type":"MacTest","keySize":128,"tagSize":128,"tests":[
            {"tcId":1,"key":"2b7e151628aed2a6abf7158809cf4f3c","msg":"","tag":"bb1d6929e95937287fa37d129b756746","result":"valid"},
            {"tcId":2,"key":"2b7e151628aed2a6abf7158809cf4f3c","msg":"","tag":"bb1d6929e95937287fa37d129b756747","result":"valid"},
            {"tcId":3,"key":"2b7e151628aed2a6abf7158809cf4f3c","msg":"","tag":"bb1d6929e95937287fa37d129b756746","result":"invalid"}]},
            {"type":"Unheard","tests":[{"tcId":4,"result":"valid"}]}]}
            """
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("vector-\(UUID()).json")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var lines: [String] = []
        let count = try VectorRunner { lines.append($0) }.run(file: file.path)
        let verdicts = lines.dropLast().map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
        #expect(verdicts == ["1 pass", "2 fail", "3 fail", "4 unsupported"])
        #expect(count.passed == 1 && count.failed == 2 && count.unsupported == 1)
    }

    private func run(_ suite: ConformanceSuite) throws {
        var (passed, skipped, failed) = (0, 0, [String]())
        let files = try FileManager.default.contentsOfDirectory(atPath: suite.folder.path).filter { $0.hasSuffix(".json") }.sorted()
        for name in files {
            let runner = VectorRunner { line in if line.contains(" fail ") { failed.append("\(name) \(line)") } }
            let count = try runner.run(file: suite.folder.appendingPathComponent(name).path)
            passed += count.passed
            skipped += count.unsupported
        }
        suite.report(passed: passed, failed: failed, skipped: skipped)
        #expect(failed.isEmpty)
        #expect(skipped == 0)
        #expect(passed > 0)
    }
}
