@testable import SecLang

/// Runs requests through rule text, for tests.
struct Exchange {
    var rules: RuleSet

    init(_ text: String, resolver: RuleResolver = RuleResolver(), usesFilter: Bool = true) throws {
        rules = try RuleSet(
            [RuleSource(name: "test.conf", text: "SecRuleEngine On\nSecRequestBodyAccess On\nSecResponseBodyAccess On\n" + text)], resolver: resolver,
            usesFilter: usesFilter)
    }

    func transaction(now: Int = 1_000, store: (any CollectionStore)? = nil, mode: EngineMode? = nil) -> Transaction {
        Transaction(
            rules, connection: ConnectionFacts(clientAddress: "192.0.2.7", uniqueID: "u1"),
            environment: TransactionEnvironment(now: now, collections: store), mode: mode)
    }

    @discardableResult
    func run(
        _ target: String = "/", method: String = "GET", headers: [(String, String)] = [], body: String? = nil, now: Int = 1_000,
        store: (any CollectionStore)? = nil, mode: EngineMode? = nil
    ) -> TransactionRecord {
        let transaction = transaction(now: now, store: store, mode: mode)
        transaction.setRequestLine(method: method, target: target, version: "HTTP/1.1")
        for (name, value) in headers { transaction.addRequestHeader(name, value) }
        guard transaction.processRequestHeaders() == nil else { return transaction.finish() }
        if let body, transaction.appendRequestBody(Array(body.utf8)) != nil { return transaction.finish() }
        guard transaction.processRequestBody() == nil else { return transaction.finish() }
        transaction.setStatusLine(status: 200)
        transaction.addResponseHeader("Content-Type", "text/html; charset=utf-8")
        guard transaction.processResponseHeaders() == nil, transaction.appendResponseBody(Array("<p>secret</p>".utf8)) == nil else {
            return transaction.finish()
        }
        _ = transaction.processResponseBody()
        return transaction.finish()
    }

    /// The ids of the rules that matched.
    func ids(_ target: String = "/", headers: [(String, String)] = [], body: String? = nil) -> [Int] {
        run(target, method: body == nil ? "GET" : "POST", headers: headers, body: body).matches.map(\.ruleID)
    }
}
