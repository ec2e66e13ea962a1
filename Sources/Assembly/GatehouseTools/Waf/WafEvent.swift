internal import Foundation
public import GatehouseFirewall
internal import SecLang
internal import StrictJSON

/// A recorded exchange: one line of JSON in a file of events.
///
/// `{"id":"…","request":{"method":"GET","target":"/","version":"HTTP/1.1","headers":[["Host","…"]],"body":"base64"}}`; other keys are passed
/// over.
public struct WafEvent: Sendable, Equatable {
    /// The incident's id.
    public var id: String
    /// The request as it came.
    public var request: RawRequest

    /// Why events cannot be read.
    public struct Failure: Error, CustomStringConvertible, Equatable {
        /// In one line.
        public var description: String

        /// Gives a reason.
        public init(description: String) { self.description = description }
    }

    /// The events of a file that carry a request, in order.
    ///
    /// - Throws: `Failure` with the number of a line that is not JSON.
    public static func read(_ lines: String) throws -> [WafEvent] {
        var events: [WafEvent] = []
        for (number, line) in lines.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where !line.isEmpty {
            do {
                if let event = try WafEvent(JSONDocument(String(line)).root) { events.append(event) }
            } catch {
                throw Failure(description: "line \(number + 1) is no event: \(error)")
            }
        }
        return events
    }

    private init?(_ root: JSONNode) throws {
        guard let id = root["id"]?.string, let request = root["request"] else { return nil }
        var head =
            "\(request["method"]?.string ?? "GET") \(request["target"]?.string ?? "/") \(request["version"]?.string ?? "HTTP/1.1")\r\n"
        if let headers = request["headers"]?.elements {
            for header in headers { head += "\(header[0]?.string ?? ""): \(header[1]?.string ?? "")\r\n" }
        }
        var body: [UInt8] = []
        if let text = request["body"]?.string {
            guard let data = Data(base64Encoded: text) else { throw Failure(description: "the body of `\(id)` is not base64") }
            body = Array(data)
        }
        self.id = id
        self.request = RawRequest(Array((head + "\r\n").utf8))
        self.request.body = body
    }
}

extension RawRequest {
    /// The path, percent-encoding taken off.
    public var path: String {
        let raw = String(decoding: target.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }, as: UTF8.self)
        return raw.removingPercentEncoding ?? raw
    }
}
