internal import StrictJSON

/// Media types that hold items one after another (3.2, "Sequential Media Types").
struct SequentialReading {
    let options: OpenAPIOptions

    func items(_ bytes: [UInt8], _ kind: BodyKind) throws(BodyFault) -> [JSONValue] {
        switch kind {
        case .jsonSequence: try sequence(bytes)
        case .eventStream: try events(bytes)
        default: try lines(bytes)
        }
    }

    /// One JSON text a line; empty lines are passed over.
    private func lines(_ bytes: [UInt8]) throws(BodyFault) -> [JSONValue] {
        var items: [JSONValue] = []
        for line in bytes.split(separator: 0x0A) where !line.allSatisfy({ $0 <= 0x20 }) { try append(line, to: &items) }
        return items
    }

    /// RFC 7464: each text begins with RS and ends with LF.
    private func sequence(_ bytes: [UInt8]) throws(BodyFault) -> [JSONValue] {
        guard bytes.isEmpty || bytes.first == 0x1E else { throw BodyFault("the body does not start with a record separator") }
        var items: [JSONValue] = []
        for record in bytes.split(separator: 0x1E) {
            guard record.last == 0x0A else { throw BodyFault("a record does not end with a line feed") }
            try append(record, to: &items)
        }
        return items
    }

    private func append(_ text: ArraySlice<UInt8>, to items: inout [JSONValue]) throws(BodyFault) {
        guard items.count < options.bodyElements else { throw BodyFault(OpenAPIIssue.Keyword.limit, "the body has too many items") }
        do throws(JSONError) {
            items.append(try JSONValue(parsing: Array(text), limits: options.jsonLimits))
        } catch {
            throw BodyFault(BodyJudge.keyword(error), "item \(items.count): \(error.reason)")
        }
    }

    /// WHATWG HTML, section 9.2.6: each event is an object with the fields it has.
    private func events(_ bytes: [UInt8]) throws(BodyFault) -> [JSONValue] {
        guard let text = UTF8Text.validated(bytes) else { throw BodyFault(OpenAPIIssue.Keyword.encoding, "the body is not UTF-8") }
        var items: [JSONValue] = []
        var event = JSONObject()
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }) {
            if line.isEmpty {
                if !event.isEmpty { items.append(.object(event)) }
                event = JSONObject()
                guard items.count < options.bodyElements else { throw BodyFault(OpenAPIIssue.Keyword.limit, "the body has too many items") }
            } else if !line.hasPrefix(":") {
                add(line, to: &event)
            }
        }
        return items
    }

    private func add(_ line: Substring, to event: inout JSONObject) {
        let colon = line.firstIndex(of: ":")
        let name = String(line[..<(colon ?? line.endIndex)])
        var value = colon.map { line[line.index(after: $0)...] } ?? ""
        if value.hasPrefix(" ") { value = value.dropFirst() }
        switch name {
        case "data": event["data"] = .string(event["data"]?.string.map { $0 + "\n" + value } ?? String(value))
        case "event", "id": event[name] = .string(String(value))
        case "retry": if let milliseconds = Int(value) { event["retry"] = JSONValue(milliseconds) }
        default: break
        }
    }
}
