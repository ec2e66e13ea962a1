internal import Foundation
public import GatehouseFirewall
public import SecLang

/// Runs raw requests through compiled rules, without any server.
public struct WafRunner: Sendable {
    /// The rules.
    public let rules: RuleSet
    /// In the place of what the rules say.
    public var mode: EngineMode?

    /// Makes a runner.
    public init(rules: RuleSet, mode: EngineMode? = nil) {
        self.rules = rules
        self.mode = mode
    }

    /// What a backend answers.
    public struct Answer: Sendable {
        /// The HTTP status.
        public var status: Int
        /// In order.
        public var headers: [(String, String)]
        /// The whole body.
        public var body: [UInt8]

        /// Describes an answer.
        public init(status: Int, headers: [(String, String)] = [("Content-Type", "text/html")], body: [UInt8] = []) {
            (self.status, self.headers, self.body) = (status, headers, body)
        }
    }

    /// Runs a request, and the answer if it gets so far.
    public func run(_ request: RawRequest, answer: Answer? = nil, environment: TransactionEnvironment = WafRunner.world())
        -> TransactionRecord
    {
        let transaction = Transaction(
            rules, connection: ConnectionFacts(clientAddress: "127.0.0.1", clientPort: 40_000, uniqueID: "test"), environment: environment,
            mode: mode)
        request.feed(to: transaction)
        guard transaction.processRequestHeaders() == nil, transaction.appendRequestBody(request.body) == nil,
            transaction.processRequestBody() == nil
        else { return transaction.finish() }
        guard let answer else { return transaction.finish() }
        transaction.setStatusLine(status: answer.status)
        for (name, value) in answer.headers { transaction.addResponseHeader(name, value) }
        if transaction.processResponseHeaders() == nil, transaction.appendResponseBody(answer.body) == nil {
            _ = transaction.processResponseBody()
        }
        return transaction.finish()
    }

    /// The present moment, without a time budget.
    public static func world() -> TransactionEnvironment { TransactionEnvironment(now: Int(Date().timeIntervalSince1970)) }
}
