internal import Foundation
public import GatehouseFirewall
internal import SecLang
internal import StrictJSON

/// What a file of events says of one exchange: who was refused and why, and the request where it was kept.
///
/// Read are the event lines of the house, and lines of the plain form
/// `{"id":"…","request":{"method":"GET","target":"/","version":"HTTP/1.1","headers":[["Host","…"]],"body":"base64"}}`.
public struct WafEvent: Sendable, Equatable {
    /// The incident's id.
    public var id: String
    /// The request as it came, secrets taken out; nil where it was not kept.
    public var request: RawRequest?
    /// False where only the beginning of the body was kept, or none of it.
    public var isBodyWhole = true
    /// The service and route that it went to; empty where the file does not say.
    public var service = ""
    /// The route.
    public var route = ""
    /// What was decided, such as `refused with 403 by rule 949110`; empty where nothing was.
    public var verdict = ""
    /// The rules that matched.
    public var matches: [Found] = []
    /// The smallest exclusion, as one line; empty where there is none.
    public var exclusion = ""

    /// A rule that matched.
    public struct Found: Sendable, Equatable {
        /// The rule.
        public var id: Int
        /// What was seen.
        public var message: String
        /// Such as `CRITICAL`.
        public var severity: String
        /// Such as `ARGS:q`.
        public var variable: String
        /// The part of the value that matched.
        public var matched: String
        /// What it added to a score.
        public var score: Int
    }

    /// Why events cannot be read.
    public struct Failure: Error, CustomStringConvertible, Equatable {
        /// In one line.
        public var description: String

        /// Gives a reason.
        public init(description: String) { self.description = description }
    }

    /// What a file of events says, one element for each exchange, in order.
    ///
    /// - Throws: `Failure` with the number of a line that is not JSON.
    public static func read(_ lines: String) throws -> [WafEvent] {
        var events: [WafEvent] = []
        var places: [String: Int] = [:]
        for (number, line) in lines.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where !line.isEmpty {
            do {
                guard let event = try WafEvent(JSONDocument(String(line)).root) else { continue }
                if let place = places[event.id] {
                    events[place].take(event)
                } else {
                    places[event.id] = events.count
                    events.append(event)
                }
            } catch {
                throw Failure(description: "line \(number + 1) is no event: \(error)")
            }
        }
        return events
    }

    private mutating func take(_ other: WafEvent) {
        if request == nil { (request, isBodyWhole) = (other.request, other.isBodyWhole) }
        if verdict.isEmpty { verdict = other.verdict }
        if exclusion.isEmpty { exclusion = other.exclusion }
        matches += other.matches.filter { !matches.contains($0) }
    }

    private init?(_ root: JSONNode) throws {
        if let id = root["id"]?.string {
            guard let request = root["request"] else { return nil }
            self.id = id
            self.request = try Self.request(request, id)
            return
        }
        guard root["class_uid"]?.int64 == 2004, let id = root["metadata"]?["uid"]?.string, let facts = root["unmapped"],
            facts["guard"]?.string == "waf"
        else { return nil }
        self.id = id
        service = facts["service"]?.string ?? ""
        route = facts["route"]?.string ?? ""
        if facts["id"] != nil { matches = [Found(facts)] }
        matches += facts["matches"]?.elements.map(Found.init) ?? []
        exclusion = facts["exclusion"]?.string ?? ""
        if facts["verdict"]?.string == "refuse" {
            let word = facts["mode"]?.string == "enforce" ? "refused" : "would be refused"
            verdict = "\(word) with \(facts["status"]?.int64 ?? 0): \(facts["reason"]?.string ?? "")"
        }
        guard let request = facts["request"] else { return }
        self.request = try Self.request(request, id)
        isBodyWhole = request["body_whole"].map { $0.bool ?? false } ?? true
    }

    private static func request(_ node: JSONNode, _ id: String) throws -> RawRequest {
        var head = "\(node["method"]?.string ?? "GET") \(node["target"]?.string ?? "/") \(node["version"]?.string ?? "HTTP/1.1")\r\n"
        for header in node["headers"]?.elements.map({ $0 }) ?? [] { head += "\(header[0]?.string ?? ""): \(header[1]?.string ?? "")\r\n" }
        var request = RawRequest(Array((head + "\r\n").utf8))
        if let text = node["body"]?.string {
            guard let data = Data(base64Encoded: text) else { throw Failure(description: "the body of `\(id)` is not base64") }
            request.body = Array(data)
        }
        return request
    }
}

extension WafEvent.Found {
    init(_ node: JSONNode) {
        self.init(
            id: node["id"]?.int64.map { Int($0) } ?? 0, message: node["msg"]?.string ?? "", severity: node["severity"]?.string ?? "",
            variable: node["variable"]?.string ?? "", matched: node["matched"]?.string ?? "",
            score: node["score"]?.int64.map { Int($0) } ?? 0)
    }
}

extension RawRequest {
    /// The path, percent-encoding taken off.
    public var path: String {
        let raw = String(decoding: target.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }, as: UTF8.self)
        return raw.removingPercentEncoding ?? raw
    }
}
