import GatehouseConfiguration
import GatehouseCore
import GatehouseTesting
import HTTPWire
import Testing

@testable import GatehouseGuards

@Suite struct ErrorGuardTests {
    private let trace = "Traceback (most recent call last):\n  File \"/srv/shop/app.py\", line 42, in total\nKeyError: 'price'\n"

    private func answer(
        _ status: Int, _ fields: KeyValuePairs<String, String> = ["content-type": "text/plain"], body: [UInt8]?,
        mode: GuardMode = .enforce, method: HTTPMethod = .get, _ change: (inout ErrorsGuardSettings) -> Void = { _ in }
    ) -> (house: TestHouse, exchange: Exchange, outcome: GuardChain.Outcome) {
        var settings = ErrorsGuardSettings()
        settings.mode = mode
        change(&settings)
        let house = TestHouse([ErrorGuard(settings)], mode: mode)
        let exchange = house.exchange(method)
        let outcome = house.answer(exchange, status: status, fields, body: body)
        return (house, exchange, outcome)
    }

    @Test(arguments: [500, 501, 502, 503, 504, 599]) func everyServerErrorIsReplacedAndKept(status: Int) {
        let result = answer(status, body: Array("all is well".utf8))
        #expect(result.outcome.refusal?.problem.status == status)
        #expect(result.outcome.refusal?.rule == "server_error")
        #expect(result.exchange.maskedBody == "all is well")
    }

    @Test func aClientErrorOfTheServicePassesUnlessItLeaks() {
        let body = Array("{\"error\":\"quantity must be positive\"}".utf8)
        #expect(answer(422, body: body).outcome.isPass)
        #expect(answer(422, body: Array(trace.utf8)).outcome.refusal?.rule == "leak")
    }

    @Test func signaturesAreSeenThroughEveryCoding() {
        let text = Array(trace.utf8)
        let bodies: [(String, [UInt8])] = [
            ("gzip", Compression.gzip(text)), ("x-gzip", Compression.gzip(text)), ("deflate", Compression.zlib(text)),
            ("deflate", Compression.raw(text)), ("br", Compression.brotli(text)), ("gzip, br", Compression.brotli(Compression.gzip(text))),
            ("gzip", Compression.gzip(Array(text.prefix(60))) + Compression.gzip(Array(text.dropFirst(60)))), ("identity", text),
        ]
        for (coding, body) in bodies {
            let result = answer(404, ["content-encoding": coding], body: body)
            #expect(result.outcome.refusal?.rule == "leak", "\(coding)")
            #expect(result.exchange.maskedBody == trace, "\(coding)")
        }
    }

    @Test func whatCannotBeSeenIsNotSent() {
        let text = Array(String(repeating: "harmless ", count: 100).utf8)
        #expect(answer(404, ["content-encoding": "zstd"], body: text).outcome.refusal?.rule == "opaque_body")
        #expect(
            answer(404, ["content-encoding": "gzip"], body: Array(Compression.gzip(text).dropLast(9))).outcome.refusal?.rule
                == "opaque_body")
        #expect(answer(404, ["content-encoding": "gzip"], body: Compression.gzip(text)).outcome.isPass)
    }

    @Test func aCompressionBombIsCutAndReplaced() {
        let bomb = Compression.gzip([UInt8](repeating: 0x41, count: 20_000_000))
        let result = answer(404, ["content-encoding": "gzip"], body: bomb)
        #expect(result.outcome.refusal?.rule == "opaque_body")
        #expect(result.exchange.maskedBody.utf8.count == 64 * 1024)
    }

    @Test func whatTheCallerNeedsSurvives() {
        let result = answer(
            503,
            [
                "retry-after": "7", "www-authenticate": "Basic realm=\"x\"", "allow": "GET", "content-type": "text/html",
                "content-length": "4", "server": "leaky/1.0", "x-debug-token": "abc", "etag": "\"1\"",
                "access-control-allow-origin": "https://app.example",
            ], body: Array("oops".utf8))
        #expect(
            result.exchange.response.fields.texts == [
                "retry-after: 7", "www-authenticate: Basic realm=\"x\"", "allow: GET", "access-control-allow-origin: https://app.example",
            ])
    }

    @Test func anAnswerWithoutBodyIsReplacedAtItsHead() {
        #expect(answer(500, body: nil).outcome.refusal?.problem.status == 500)
        #expect(answer(500, body: [], method: .head).outcome.refusal?.problem.status == 500)
        #expect(answer(404, body: nil).outcome.isPass)
    }

    @Test func ofALongErrorTheBeginningIsLookedAt() {
        let long = Array(trace.utf8) + [UInt8](repeating: 0x41, count: 300 * 1024)
        #expect(answer(500, body: long).outcome.refusal?.problem.status == 500)
        #expect(answer(404, body: long).outcome.refusal?.rule == "leak")
        #expect(answer(404, body: [UInt8](repeating: 0x41, count: 300 * 1024)).outcome.isPass)
        let packed = Compression.gzip((0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) | 1 })
        #expect(answer(404, ["content-encoding": "gzip"], body: packed).outcome.isPass)
    }

    @Test func settingsChangeWhatIsMasked() {
        #expect(answer(500, body: [0x41]) { $0.masks5xx = false }.outcome.isPass)
        #expect(answer(404, body: [0x41]) { $0.masks4xx = .always }.outcome.refusal?.rule == "client_error")
        #expect(answer(404, body: Array(trace.utf8)) { $0.masks4xx = .never }.outcome.isPass)
        #expect(answer(404, body: Array(trace.utf8)) { $0.ignore = [.tracePython, .filePath] }.outcome.isPass)
        #expect(answer(404, body: Array("PROJECT BLUEBIRD".utf8)) { $0.signatures = ["BLUEBIRD"] }.outcome.refusal?.rule == "leak")
        #expect(answer(200, body: Array(trace.utf8)).outcome.isPass)
        #expect(answer(200, body: Array(trace.utf8)) { $0.scansSuccess = true }.outcome.refusal?.problem.status == 502)
        #expect(answer(200, ["content-type": "text/event-stream"], body: Array(trace.utf8)) { $0.scansSuccess = true }.outcome.isPass)
    }

    @Test func inReportTheBodyPassesAndTheLeakIsRecorded() {
        let result = answer(500, body: Array(trace.utf8), mode: .report)
        #expect(result.outcome.isPass)
        #expect(result.exchange.maskedBody.isEmpty)
        #expect(result.house.recorder.decisions.first?.evidence.map(\.value) == ["500", "trace_python file_path"])
    }

    @Test func ourOwnErrorsAreLeftAlone() {
        let house = TestHouse([ErrorGuard(ErrorsGuardSettings())])
        let exchange = house.exchange()
        exchange.origin = .gatehouse
        exchange.response = ResponseHead(status: 503)
        #expect(GuardChain.responseHead(exchange).isPass)
    }
}
