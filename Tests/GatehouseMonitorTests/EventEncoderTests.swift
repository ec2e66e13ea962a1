import Foundation
import GatehouseCore
import Testing

@testable import GatehouseMonitor

@Suite struct EventEncoderTests {
    @Test func writesARequestAsOneLineInTheSchemasShape() throws {
        var record = RequestRecord(context: context(path: "/a"), time: 1_700_000_000_123_456_789)
        record.query = "a=1&token=x"
        record.status = 200
        record.upstreamStatus = 200
        record.duration = 2_345_678
        let line = try object(encoded(.request(record)))
        #expect(line["class_uid"] as? Int == 4002)
        #expect(line["type_uid"] as? Int == 400_203)
        #expect(line["time"] as? Int == 1_700_000_000_123)
        #expect(line["severity"] as? String == "Informational")
        #expect(line["status"] as? String == "Success")
        let metadata = try #require(line["metadata"] as? [String: Any])
        #expect(metadata["uid"] as? String == "00000000000000000000000000abcdef")
        #expect(metadata["correlation_uid"] as? String == "0123456789abcdef0123456789abcdef")
        let request = try #require(line["http_request"] as? [String: Any])
        #expect((request["url"] as? [String: String])?["query_string"] == "a=1&token=redacted")
        #expect((line["unmapped"] as? [String: Any])?["duration_us"] as? Int == 2345)
    }

    @Test("texts come back as they were", arguments: ["\"", "\\", "\n\r\t", "\u{0}\u{1F}\u{7F}", "ü✓", String(repeating: "x\"", count: 9000)])
    func escapes(_ text: String) throws {
        var record = RequestRecord(context: context(path: text), time: 0)
        record.maskedBody = text
        let line = try object(encoded(.request(record)))
        #expect((line["unmapped"] as? [String: Any])?["masked_body"] as? String == text)
        #expect(((line["http_request"] as? [String: Any])?["url"] as? [String: String])?["path"] == text)
    }

    @Test("numbers are written whole", arguments: [0, 9, 10, 99, 100, 12_345, Int.max, -1, Int.min])
    func numbers(_ number: Int) throws {
        var record = RequestRecord(context: context(path: "/"), time: 0)
        record.bytesIn = number
        let line = try object(encoded(.request(record)))
        #expect((line["traffic"] as? [String: Any])?["bytes_in"] as? Int == number)
    }

    @Test func writesDecisionsAndEventsOfTheHouse() throws {
        let decision = Decision(
            guardName: "g", rule: "r", outcome: .refuse, mode: .enforce, reason: "because", severity: .high,
            evidence: [("a", "1"), ("b", "2")], status: 403)
        let line = try object(encoded(.decision(DecisionRecord(context: context(path: "/"), time: 0, decision: decision))))
        #expect(line["disposition"] as? String == "Blocked")
        #expect(line["severity_id"] as? Int == 4)
        #expect((line["unmapped"] as? [String: Any])?["evidence"] as? [String: String] == ["a": "1", "b": "2"])
        let system = SystemRecord(time: 0, component: "house", name: "started", severity: .informational, message: "m")
        #expect((try object(encoded(.system(system)))["unmapped"] as? [String: Any])?["event"] as? String == "started")
    }

    private func context(path: String) -> RequestContext {
        RequestContext(
            incident: IncidentID(bits: 0xABCDEF),
            trace: TraceContext(traceID: 0x0123_4567_89AB_CDEF_0123_4567_89AB_CDEF, spanID: 1, isSampled: true),
            client: "192.0.2.1", method: "GET", host: "a.example", path: path, service: "s", route: "", principal: "")
    }

    private func encoded(_ event: Event) -> [UInt8] {
        var encoder = EventEncoder(redactor: QueryRedactor())
        var bytes: [UInt8] = []
        encoder.encode(event, to: &bytes)
        return bytes
    }

    private func object(_ bytes: [UInt8]) throws -> [String: Any] {
        #expect(bytes.last == 0x0A)
        #expect(bytes.count { $0 == 0x0A } == 1)
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }
}
