internal import GatehouseCore

/// Takes secrets out of what the rules of the web application firewall have seen.
extension QueryRedactor {
    /// A match without the value of a variable that carries a secret.
    func redacted(_ match: RuleMatch) -> RuleMatch {
        var match = match
        if isSecret(variable: match.variable) {
            if !match.matched.isEmpty, match.message.contains(match.matched) {
                match.message = match.message.replacing(match.matched, with: Self.mark)
            }
            match.matched = Self.mark
            match.data = match.data.isEmpty ? "" : Self.mark
        } else {
            match.matched = redactedPairs(match.matched)
            match.data = redactedPairs(match.data)
            match.message = redactedPairs(match.message)
        }
        return match
    }

    /// A quoted body without the values of members and pairs that carry secrets.
    func redacted(body: String) -> String { body.isEmpty ? body : redactedPairs(redactedMembers(body)) }

    /// A request without the values of fields, parameters and members that carry secrets. A body in which they cannot be found is left out.
    func redacted(_ request: RecordedRequest) -> RecordedRequest {
        var request = request
        if let question = request.target.firstIndex(of: "?") {
            let start = request.target.index(after: question)
            request.target = request.target[..<start] + redacted(String(request.target[start...]))
        }
        for index in request.fields.indices where isSecret(header: request.fields[index].name) {
            request.fields[index].value = Self.mark
        }
        let type = request.fields.first { $0.name.lowercased() == "content-type" }?.value.lowercased() ?? ""
        guard !request.body.isEmpty else { return request }
        if type.hasPrefix("application/x-www-form-urlencoded") {
            request.body = Array(redacted(String(decoding: request.body, as: UTF8.self)).utf8)
        } else if type.contains("json") {
            let text = String(decoding: request.body, as: UTF8.self)
            request.body = Array(redactedMembers(text).utf8)
        } else {
            request.body = []
            request.isBodyWhole = false
        }
        return request
    }

    private static let mark = "redacted"

    private static let secretHeaders: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "cookie2", "set-cookie", "x-api-key", "api-key", "x-auth-token", "x-csrf-token",
        "x-xsrf-token", "x-amz-security-token", "dpop", "x-goog-api-key",
    ]

    private func isSecret(header: String) -> Bool { Self.secretHeaders.contains(header.lowercased()) || isSecret(name: header) }

    /// `REQUEST_HEADERS:Authorization`, `REQUEST_COOKIES:…`, `ARGS:password`, `ARGS:json.user.password`.
    private func isSecret(variable: String) -> Bool {
        let parts = variable.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return false }
        let member = parts[1].lowercased()
        switch parts[0] {
        case "REQUEST_COOKIES": return true
        case "REQUEST_HEADERS", "RESPONSE_HEADERS": return isSecret(header: member)
        default: return isSecret(name: member) || member.split(separator: ".").contains { isSecret(name: String($0)) }
        }
    }

    /// `name=value` pairs inside a longer text, where the name is one of a secret.
    private func redactedPairs(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "=")) else { return text }
        var result = ""
        var word = ""
        var isHidden = false
        for character in text {
            switch character {
            case "&", ";", " ", "\"", "'", "<", ">", "\n", "\r\n", "\t", ",", "?", "/", "{", "}":
                word = ""
                isHidden = false
                result.append(character)
            case "=" where !isHidden:
                result.append(character)
                if isSecret(name: word) {
                    isHidden = true
                    result += Self.mark
                }
                word = ""
            default:
                word.append(character)
                if !isHidden { result.append(character) }
            }
        }
        return result
    }

    /// JSON text with `"redacted"` for the string and number members whose names are those of secrets; broken JSON is treated the same way.
    private func redactedMembers(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\"") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let end = Self.endOfString(bytes, index)
            result += bytes[index..<end]
            let name = String(decoding: bytes[(index + 1)..<max(index + 1, end - 1)], as: UTF8.self)
            index = end
            guard isSecret(name: name), let value = Self.valueStart(bytes, index) else { continue }
            result += bytes[index..<value] + Array("\"\(Self.mark)\"".utf8)
            index = Self.endOfValue(bytes, value)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func endOfString(_ bytes: [UInt8], _ start: Int) -> Int {
        var index = start + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
        return min(index + 1, bytes.count)
    }

    /// Where the value of a member begins; nil where no colon follows.
    private static func valueStart(_ bytes: [UInt8], _ start: Int) -> Int? {
        var index = start
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { return nil }
        index += 1
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
        return index < bytes.count ? index : nil
    }

    /// Behind a text, a number, a word, or a whole object or array.
    private static func endOfValue(_ bytes: [UInt8], _ start: Int) -> Int {
        var index = start
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index = endOfString(bytes, index)
                if depth == 0 { return index }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth <= 1 { return depth == 0 ? index : index + 1 }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return index
            default: break
            }
            index += 1
        }
        return index
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }
}
