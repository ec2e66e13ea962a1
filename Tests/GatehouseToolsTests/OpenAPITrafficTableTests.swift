import StrictJSON
import Testing

@testable import GatehouseTools

@Suite struct OpenAPITrafficTableTests {
    private let service: JSONValue = [
        "service": "shop", "title": "Shop", "document": "api.yaml", "requests": 7, "responses": 5, "unlisted": 2,
        "refusals": [["direction": "request", "verdict": "badRequest", "mode": "report", "count": 3]],
        "operations": [
            ["method": "GET", "path": "/items", "deprecated": false, "count": 4],
            ["method": "DELETE", "path": "/items", "deprecated": true, "count": 0],
        ],
        "undocumented_paths": [["method": "GET", "path": "/old/{}", "count": 2]],
        "undocumented": [["method": "GET", "path": "/items", "kind": "query", "name": "debug", "count": 1]],
    ]

    @Test func `a table names what is used, unused and undocumented`() {
        var table = OpenAPITrafficTable()
        #expect(
            table.text(service).split(separator: "\n").map(String.init) == [
                "shop: Shop (api.yaml)", "  judged: 7 requests, 5 answers", "  would have been refused: 3 × request badRequest",
                "  used: 4 × GET /items", "  never used: DELETE /items (deprecated)", "  undocumented: 2 × GET /old/{}",
                "  undocumented: 1 × GET /items: query debug", "  2 more were seen and not listed",
            ])
        table.onlyFindings = true
        #expect(!table.text(service).contains("used: 4"))
    }

    @Test func `names from strangers cannot drive a terminal`() {
        #expect(OpenAPITrafficTable.visible("a\u{1b}[2J\u{202e}b\u{9b}c\né") == "a\\u{1B}[2J\\u{202E}b\\u{009B}c\né")
    }

    @Test func `where nobody answers it says so`() async {
        var table = OpenAPITrafficTable()
        table.admin = "http://127.0.0.1:1"
        let result = await table.run()
        #expect(result.status == 1)
        #expect(result.complaint.contains("no house answers"))
    }
}
