import GatehouseConfiguration
import GatehouseCore
import GatehouseGuards
import GatehouseTesting
import HTTPWire
import NIOCore
import OpenAPI
import Testing

@testable import GatehouseValidation

@Suite struct OpenAPIGuardTests {
    private let json: KeyValuePairs = ["content-type": "application/json"]

    @Test func `what the document allows passes`() throws {
        let house = try DocumentHouse()
        #expect(house.send(.get, "/v1/items?limit=5").status == 200)
        let sent = house.send(.post, "/v1/items", json, body: #"{ "name": "rope", "price": 12 }"#)
        #expect(sent.status == 200)
        #expect(sent.body == #"{ "name": "rope", "price": 12 }"#)
        #expect(house.send(.head, "/v1/items").status == 200)
    }

    @Test(arguments: [
        (HTTPMethod.get, "/v1/nothing", "", 404, "path"), (.put, "/v1/items", "", 405, "method"),
        (.get, "/v1/items?limit=500", "", 400, "query.maximum"), (.get, "/v1/items/7", "", 401, "credentials"),
        (.post, "/v1/items", #"{"name":"a"}"#, 400, "body.required"), (.post, "/v1/items", #"{"name":"a","name":"b","price":1}"#, 400, "body.syntax"),
    ])
    func `what it does not is refused`(method: HTTPMethod, target: String, body: String, status: Int, rule: String) throws {
        let house = try DocumentHouse()
        let sent = house.send(method, target, body.isEmpty ? [:] : json, body: body.isEmpty ? nil : body)
        #expect(sent.status == status)
        #expect(sent.refusal?.rule == rule)
    }

    @Test func `the caller learns place and rule, the log the value too`() throws {
        let house = try DocumentHouse()
        let sent = house.send(.post, "/v1/items", json, body: #"{"name":"rope","price":-3.25}"#)
        let violation = try #require(sent.refusal?.problem.errors.first)
        #expect(
            violation
                == Problem.Violation(
                    location: "body", pointer: "/price", keyword: "minimum", message: violation.message))
        #expect(!violation.message.contains("3.25"))
        #expect(sent.refusal?.evidence.first { $0.name == "value" }?.value == "-3.25")
    }

    @Test func `a 405 lists what the path takes, a 415 what the operation takes`() throws {
        let house = try DocumentHouse()
        #expect(house.send(.patch, "/v1/items").refusal?.fields.first { $0.name == "allow" }?.value == "GET, HEAD, POST")
        let sent = house.send(.post, "/v1/items", ["content-type": "text/plain"], body: "x")
        #expect(sent.status == 415)
        #expect(sent.refusal?.fields.first { $0.name == "accept" }?.value == "application/json")
        #expect(house.send(.get, "/v1/items", ["accept": "text/html"]).status == 406)
    }

    @Test func `a long body is refused before it is read`() throws {
        let house = try DocumentHouse { $0.bodyLimit = ByteCount(1024) }
        #expect(house.send(.post, "/v1/items", json, body: String(repeating: " ", count: 2000)).status == 413)
    }

    @Test func `bytes flow past and are judged by their length`() throws {
        let house = try DocumentHouse { $0.bodyLimit = ByteCount(1024) }
        let big = String(repeating: "x", count: 4000)
        let sent = house.send(.put, "/v1/pictures", ["content-type": "image/png"], body: big)
        #expect(sent.status == 200)
        #expect(sent.exchange.requestBodyDemand == nil)
        #expect(house.send(.put, "/v1/pictures", ["content-type": "image/png"], body: big + big).status == 400)
        #expect(house.send(.put, "/v1/pictures", ["content-type": "image/png"], body: big + big, chunked: true).status == 413)
        #expect(house.send(.put, "/v1/pictures", ["content-type": "application/octet-stream"], body: big + big, chunked: true).status == 200)
    }

    @Test func `a stream that turns out to be empty is no body`() throws {
        let house = try DocumentHouse()
        #expect(house.send(.get, "/v1/items", body: "", chunked: true).status == 200)
        #expect(house.send(.post, "/v1/items", json, body: "", chunked: true).status == 400)
    }

    @Test func `report records and lets everything pass`() throws {
        let house = try DocumentHouse { ($0.requests, $0.responses, $0.bodyLimit) = (.report, .report, ByteCount(1024)) }
        #expect(house.send(.get, "/v1/nothing").status == 200)
        #expect(house.send(.post, "/v1/items", json, body: #"{"name":""}"#).status == 200)
        #expect(house.send(.post, "/v1/items", json, body: String(repeating: " ", count: 2000)).status == 200)
        let decisions = house.house.recorder.decisions.filter { $0.outcome == .refuse }
        #expect(decisions.map(\.status) == [404, 400, 413])
        #expect(decisions.allSatisfy { $0.mode == .report })
        #expect(house.document.traffic.counts.reported(.request) == 2)
        #expect(house.document.traffic.counts.unread == 1)
    }

    @Test func `a new document is only reported until its day`() throws {
        let day = try #require(Moment(text: "2026-01-02"))
        let house = try DocumentHouse { $0.reportUntil = day }
        #expect(house.send(.get, "/v1/nothing").status == 200)
        house.house.clock.advance(by: .seconds(2 * 86_400))
        #expect(house.send(.get, "/v1/nothing").status == 404)
    }

    @Test func `422 is for what is understood`() throws {
        let house = try DocumentHouse { $0.invalidStatus = .unprocessable }
        #expect(house.send(.post, "/v1/items", json, body: #"{"name":""}"#).status == 422)
        #expect(house.send(.post, "/v1/items", json, body: "{").status == 400)
    }

    @Test func `the prefix that the service takes off is taken off here too`() throws {
        let house = try DocumentHouse(prefix: "/shop")
        #expect(house.send(.get, "/shop/v1/items").status == 200)
        #expect(house.send(.get, "/shopv1/items").status == 404)
    }

    @Test func `undocumented paths may be listed in place of refused`() throws {
        let house = try DocumentHouse { $0.undocumented = .report }
        #expect(house.send(.get, "/v1/old/17").status == 200)
        #expect(house.send(.get, "/v1/old/18").status == 200)
        #expect(house.send(.get, "/v1/items?limit=500").status == 400)
        let snapshot = house.document.traffic.snapshot
        #expect(snapshot.shadowPathRows.map { "\($0.0.method) \($0.0.path) \($0.1)" } == ["GET /v1/old/{} 2"])
        #expect(house.house.recorder.rules.filter { $0 == "undocumented_path" }.count == 1)
        #expect(snapshot.inventory.unused.map(\.method).contains("DELETE"))
    }
}

@Suite struct OpenAPIAnswerTests {
    private let json: KeyValuePairs = ["content-type": "application/json"]

    private func answer(
        _ house: DocumentHouse, _ fields: KeyValuePairs<String, String>, status: Int = 200, body: String
    ) -> (Exchange, Refusal?) {
        let sent = house.send(.get, "/v1/items")
        let outcome = house.house.answer(sent.exchange, status: status, fields, body: Array(body.utf8))
        return (sent.exchange, outcome.refusal)
    }

    @Test func `a good answer passes as it is`() throws {
        let house = try DocumentHouse()
        let (exchange, refusal) = answer(house, json, body: #"[{"name":"rope","price":1}]"#)
        #expect(refusal == nil)
        #expect(String(decoding: exchange.responseBody.readableBytesView, as: UTF8.self) == #"[{"name":"rope","price":1}]"#)
    }

    @Test(arguments: [
        (200, "application/json", #"[{"name":"rope"}]"#), (200, "application/json", "[{"), (200, "text/html", "<p>"), (302, "text/html", "x"),
    ])
    func `a broken one becomes a 502 that says nothing`(status: Int, type: String, body: String) throws {
        let house = try DocumentHouse()
        let refusal = try #require(answer(house, ["content-type": type], status: status, body: body).1)
        #expect(refusal.problem == Problem(status: 502))
        #expect(refusal.evidence.contains { $0.name == "upstream_status" && $0.value == String(status) })
    }

    @Test func `in report it passes with an event`() throws {
        let house = try DocumentHouse { $0.responses = .report }
        #expect(answer(house, json, body: "[{").1 == nil)
        #expect(house.house.recorder.decisions.last?.status == 502)
        #expect(house.house.recorder.decisions.last?.mode == .report)
    }

    @Test func `requests may be off while answers are judged`() throws {
        let house = try DocumentHouse { $0.requests = .off }
        #expect(house.send(.get, "/v1/items?limit=500").status == 200)
        #expect(answer(house, json, body: "[{").1?.problem.status == 502)
    }

    @Test func `errors that nobody documents are left to the errors guard`() throws {
        let house = try DocumentHouse()
        #expect(answer(house, ["content-type": "text/html"], status: 500, body: "<h1>trace</h1>").1 == nil)
        #expect(house.document.traffic.snapshot.shadowItemRows.map { $0.0.item.description } == ["status 500"])
    }

    @Test func `properties that nobody documents are listed once`() throws {
        let house = try DocumentHouse()
        for _ in 0..<3 { _ = answer(house, json, body: #"[{"name":"rope","price":1,"cost":0.5}]"#) }
        let rows = house.document.traffic.snapshot.shadowItemRows
        #expect(rows.map { "\($0.0.item) \($0.1)" } == ["responseProperty /*/cost 3"])
        #expect(house.house.recorder.rules == ["undocumented_response_property"])
    }
}

@Suite struct OpenAPISanitizingTests {
    private let json: KeyValuePairs = ["content-type": "application/json"]

    @Test func `what is asked for is changed, with an event`() throws {
        let house = try DocumentHouse { $0.sanitizing = OpenAPIGuardSettings.Sanitizing.allCases }
        let sent = house.send(.post, "/v1/items", json, body: #"{"id":7,"name":" rope ","price":1,"admin":true}"#)
        #expect(sent.status == 200)
        #expect(sent.body == #"{"name":"rope","price":1,"colour":"grey"}"#)
        #expect(house.house.recorder.decisions.map(\.outcome).contains(.modify))
    }

    @Test func `defaults of the query are filled in`() throws {
        let house = try DocumentHouse { $0.sanitizing = [.fillDefaults] }
        #expect(house.send(.get, "/v1/items").exchange.request.targetText == "/v1/items?limit=20")
    }

    @Test func `report changes nothing`() throws {
        let house = try DocumentHouse { ($0.sanitizing, $0.requests) = ([.trim, .fillDefaults], .report) }
        let sent = house.send(.post, "/v1/items", json, body: #"{"name":" rope ","price":1}"#)
        #expect(sent.body == #"{"name":" rope ","price":1}"#)
        #expect(house.send(.get, "/v1/items").exchange.request.targetText == "/v1/items")
        #expect(house.house.recorder.decisions.allSatisfy { $0.mode == .report })
    }

    @Test func `without a change the body stays byte for byte`() throws {
        let house = try DocumentHouse { $0.sanitizing = [.trim] }
        #expect(house.send(.post, "/v1/items", json, body: #"{ "name" : "rope", "price": 1.0 }"#).body == #"{ "name" : "rope", "price": 1.0 }"#)
    }
}
