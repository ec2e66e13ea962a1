import GatehouseConfiguration
import GatehouseCore
import Testing

@Suite struct OpenAPISettingsTests {
    private func service(_ lines: String, top: String = "") throws -> Service {
        let text = "\(top)services:\n  - upstream: http://127.0.0.1:3000\n    strip_prefix: /shop\n\(lines)"
        let environment = ConfigurationEnvironment.memory(files: ["gatehouse.yaml": text, "./api.yaml": "", "./other.yaml": ""])
        return try ConfigurationLoader(file: "gatehouse.yaml", environment: environment).load().configuration.services[0]
    }

    @Test func `a path alone turns it on, a word alone sets both modes`() throws {
        let service = try service("    openapi: api.yaml\n    routes:\n      - {path: /a, openapi: report}\n      - {path: /b, openapi: {responses: off}}\n")
        #expect(service.guards.openAPI.file == FilePath("./api.yaml"))
        #expect(service.guards.openAPI.requests == .enforce)
        #expect(service.routes[0].guards.openAPI.file == FilePath("./api.yaml"))
        #expect(service.routes[0].guards.openAPI.requests == .report)
        #expect(service.routes[0].guards.openAPI.responses == .report)
        #expect(service.routes[1].guards.openAPI.requests == .enforce)
        #expect(service.routes[1].guards.openAPI.responses == .off)
    }

    @Test func `the keys of the top hold below`() throws {
        let service = try service("    openapi: {file: api.yaml, invalid_status: 422}\n", top: "guards:\n  openapi: {responses: report, sanitize: [trim]}\n")
        #expect(service.guards.openAPI.responses == .report)
        #expect(service.guards.openAPI.sanitizing == [.trim])
        #expect(service.guards.openAPI.invalidStatus == .unprocessable)
    }

    @Test(arguments: [
        ("openapi: nothing.yaml", "there is no file"), ("openapi: {report_until: soon}", "is not a day"), ("openapi: {fiel: api.yaml}", "unknown key `fiel`"),
        ("openapi: {body_limit: 1}", "not in the range"), ("openapi: {sanitize: [strip]}", "is not one of"), ("openapi: [api.yaml]", "expected a mapping"),
    ])
    func `mistakes are named`(line: String, message: String) {
        let failure = #expect(throws: ConfigurationFailure.self) { try service("    \(line)\n") }
        #expect(failure?.report.contains(message) == true, "\(failure?.report ?? "")")
    }

    @Test func `the files of a document are watched too`() throws {
        let environment = ConfigurationEnvironment.memory(files: ["g": "services:\n  - {upstream: http://a:1, openapi: api.yaml}\n", "./api.yaml": "", "t": ""])
        let loaded = try ConfigurationLoader(file: "g", environment: environment).load()
        #expect(loaded.files.map(\.path) == ["g", "./api.yaml"])
        #expect(loaded.watching(["./api.yaml", "t"], in: environment).files.map(\.path) == ["g", "./api.yaml", "t"])
    }

    @Test(arguments: [
        ("1970-01-01", 0), ("2026-01-01", 1_767_225_600), ("2024-02-29", 1_709_164_800), ("2000-03-01", 951_868_800),
        ("2026-11-25T02:05:09Z", 1_795_572_309), ("9999-12-31", 253_402_214_400),
    ])
    func `days count from 1970`(text: String, seconds: Int) { #expect(Moment(text: text)?.seconds == seconds) }

    @Test(arguments: ["2025-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "2026-01-01T24:00:00Z", "2026-01-01 10:00:00", "", "1900-02-29"])
    func `other words are no day`(text: String) { #expect(Moment(text: text) == nil) }
}
