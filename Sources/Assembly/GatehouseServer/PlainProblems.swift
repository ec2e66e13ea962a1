internal import GatehouseCore
internal import GatehouseGuards
internal import GatehouseProxy

/// Renders problems as RFC 9457 documents.
struct PlainProblems: ProblemWriter {
    func write(_ problem: Problem, for exchange: Exchange) -> (mediaType: String, body: [UInt8]) {
        let text = "{\"type\":\"\(problem.type)\",\"title\":\"\(problem.title)\",\"status\":\(problem.status),\"instance\":\"urn:gatehouse:incident:\(exchange.incident)\"}"
        return ("application/problem+json", Array(text.utf8))
    }
}
