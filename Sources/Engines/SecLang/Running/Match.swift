/// One match of a rule that logs.
public struct Match: Sendable, Equatable {
    /// The rule's id.
    public var ruleID: Int
    /// 1 to 5.
    public var phase: Int
    /// What was seen, variables filled in.
    public var message: String
    /// The rule's `logdata`, variables filled in.
    public var data: String
    /// 0 (EMERGENCY) to 7 (DEBUG); nil where the rule gives none.
    public var severity: Int?
    /// The rule's marks.
    public var tags: [String]
    /// The version of the set that the rule belongs to.
    public var version: String?
    /// The variable that matched, such as `ARGS:q`; in a chain that of its last rule.
    public var variable: String
    /// The value that matched, transformations applied; at most 512 bytes of it.
    public var value: [UInt8]
    /// The part of the value that the operator found; at most 256 bytes of it.
    public var matched: [UInt8]
    /// What the match added to anomaly scores.
    public var score: Int
    /// Whether the rule would end the exchange.
    public var isDisruptive: Bool
    /// Where the rule stands.
    public var location: SourceLocation

    /// The severity's name.
    public var severityName: String? { severity.map { SeverityAction.levels[$0] } }
}

extension Match {
    /// One line of JSON with `id`, `msg`, `severity`, `phase`, `variable`, `matched`, `data`, `score`, `tags`.
    public var json: String {
        var line = "{\"id\":\(ruleID),\"msg\":\(Match.quote(message))"
        if let severityName { line += ",\"severity\":\"\(severityName)\"" }
        line += ",\"phase\":\(phase),\"variable\":\(Match.quote(variable))"
        line += ",\"matched\":\(Match.quote(String(decoding: matched, as: UTF8.self)))"
        line += ",\"data\":\(Match.quote(data)),\"score\":\(score)"
        return line + ",\"tags\":[\(tags.map(Match.quote).joined(separator: ","))]}"
    }

    static func quote(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 32 || scalar.value == 127 {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
