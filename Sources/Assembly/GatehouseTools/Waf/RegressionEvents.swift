internal import Foundation
internal import StrictJSON

/// What a gateway's events say about the requests of regression tests, by the address of the client.
struct RegressionEvents {
    private(set) var matches: [String: [RegressionResult.Match]] = [:]
    /// Clients whose request was no acceptable HTTP.
    private(set) var refusedByWire: Set<String> = []

    init(file: String) throws {
        for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") {
            let event = try JSONDocument(String(line)).root
            guard event["class_uid"]?.int64 == 2004, let client = event["src_endpoint"]?["ip"]?.string, let facts = event["unmapped"] else {
                continue
            }
            if facts["guard"]?.string == "wire" { refusedByWire.insert(client) }
            guard let id = facts["id"]?.int64 else { continue }
            matches[client, default: []].append(
                .init(
                    id: Int(id), message: facts["msg"]?.string ?? "", data: facts["data"]?.string ?? "",
                    variable: facts["variable"]?.string ?? ""))
        }
    }
}
