internal import HeaderGrade
internal import NIOCore
internal import NIOPosix
internal import StrictJSON

/// Asks a running house what traffic uses of its OpenAPI documents, and what it uses beside them.
public struct OpenAPITrafficTable: Sendable {
    /// The admin listener, `http://HOST:PORT`.
    public var admin = "http://127.0.0.1:9901"
    /// One service alone; nil: all.
    public var service: String?
    /// Prints the house's JSON as it is.
    public var asJSON = false
    /// Leaves out documented operations that are in use.
    public var onlyFindings = false

    /// A question to the usual admin listener.
    public init() {}

    /// Asks.
    ///
    /// - Returns: status 0 with a table; 1 where nothing answers, or not as a house does.
    public func run() async -> ToolResult {
        guard let url = GradedURL(admin + "/openapi/traffic") else {
            return ToolResult(complaint: "error: `\(admin)` is not an http URL\n", status: 1)
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let answer = await HTTPFetcher(group: group).fetch(url)
        try? await group.shutdownGracefully()
        guard let answer, answer.status == 200, let services = (try? JSONValue(parsing: answer.body))?.array else {
            return ToolResult(complaint: "error: no house answers at `\(admin)`\n", status: 1)
        }
        let chosen = services.filter { service == nil || $0["service"]?.string == service }
        if asJSON { return ToolResult(output: JSONValue.array(chosen).serialized(.pretty) + "\n", status: 0) }
        guard !chosen.isEmpty else { return ToolResult(output: "no service follows a document\n", status: 0) }
        return ToolResult(output: chosen.map { Self.visible(text($0)) }.joined(separator: "\n"), status: 0)
    }

    /// The lines of one service.
    func text(_ service: JSONValue) -> String {
        let name = service["service"]?.string ?? ""
        var lines = ["\(name): \(service["title"]?.string ?? "") (\(service["document"]?.string ?? ""))"]
        lines.append("  judged: \(number(service, "requests")) requests, \(number(service, "responses")) answers")
        lines += refusals(service) + operations(service) + shadows(service)
        return lines.joined(separator: "\n") + "\n"
    }

    private func refusals(_ service: JSONValue) -> [String] {
        (service["refusals"]?.array ?? []).map { row in
            let word = row["mode"]?.string == "enforce" ? "refused" : "would have been refused"
            return "  \(word): \(number(row, "count")) × \(row["direction"]?.string ?? "") \(row["verdict"]?.string ?? "")"
        }
    }

    private func operations(_ service: JSONValue) -> [String] {
        let rows = (service["operations"]?.array ?? []).map { row in
            (
                count: number(row, "count"), text: "\(row["method"]?.string ?? "") \(row["path"]?.string ?? "")",
                mark: row["deprecated"]?.bool == true ? " (deprecated)" : ""
            )
        }
        let used = rows.filter { $0.count > 0 }.sorted { $0.count > $1.count }.map { "  used: \($0.count) × \($0.text)\($0.mark)" }
        let unused = rows.filter { $0.count == 0 }.map { "  never used: \($0.text)\($0.mark)" }
        return (onlyFindings ? [] : used) + unused
    }

    private func shadows(_ service: JSONValue) -> [String] {
        let paths = (service["undocumented_paths"]?.array ?? []).map {
            "  undocumented: \(number($0, "count")) × \($0["method"]?.string ?? "") \($0["path"]?.string ?? "")"
        }
        let items = (service["undocumented"]?.array ?? []).map { row in
            let place = [row["method"]?.string ?? "", row["path"]?.string ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
            return "  undocumented: \(number(row, "count")) × \(place): \(row["kind"]?.string ?? "") \(row["name"]?.string ?? "")"
        }
        let more = number(service, "unlisted")
        return paths + items + (more > 0 ? ["  \(more) more were seen and not listed"] : [])
    }

    /// Names come from strangers: what would move the cursor or the reading direction of a terminal is written as an escape.
    static func visible(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            let isUnseen =
                scalar != "\n"
                && [.control, .format, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator]
                    .contains(scalar.properties.generalCategory)
            if isUnseen { result += scalar.escaped(asASCII: true) } else { result.unicodeScalars.append(scalar) }
        }
    }

    private func number(_ value: JSONValue, _ key: String) -> Int64 { value[key]?.int64 ?? 0 }
}
