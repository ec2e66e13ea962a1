internal import Foundation
internal import GatehouseCore

/// What the rules of the web application firewall have found.
extension EventEncoder {
    /// One line for one rule that matched: `id`, `msg`, `severity`, `phase`, `variable`, `matched` stand under `unmapped`.
    mutating func encode(_ record: RuleMatchRecord) {
        let match = redactor.redacted(record.match)
        line.object { line in
            Self.head(&line, .finding, activity: 1, Self.severity(match.severity), record.time)
            Self.metadata(&line, record.context)
            line.object("finding_info") { line in
                line.field("uid", "\(record.context.incident):\(record.guardName):\(match.id)")
                line.field("title", "\(record.guardName): \(match.id)")
                line.field("desc", match.message)
            }
            Self.request(&line, record.context, "", "", "")
            line.field("disposition", "Logged")
            line.object("unmapped") { line in
                Self.place(&line, record.context)
                line.field("guard", record.guardName)
                line.field("mode", record.mode.rawValue)
                Self.write(match, to: &line)
            }
        }
    }

    /// What a decision rests on.
    static func write(_ details: DecisionDetails, to line: inout JSONLine, _ redactor: QueryRedactor) {
        if !details.matches.isEmpty {
            line.array("matches") { line in
                for match in details.matches { line.object { write(redactor.redacted(match), to: &$0) } }
            }
        }
        line.fieldIfAny("exclusion", details.exclusion)
        guard let request = details.request.map(redactor.redacted) else { return }
        line.object("request") { line in
            line.field("method", request.method)
            line.field("target", request.target)
            line.field("version", request.version)
            line.array("headers") { line in
                for field in request.fields {
                    line.array { line in
                        line.string(element: field.name)
                        line.string(element: field.value)
                    }
                }
            }
            guard !request.body.isEmpty else { return }
            line.field("body", Data(request.body).base64EncodedString())
            line.field("body_whole", request.isBodyWhole)
        }
    }

    private static func write(_ match: RuleMatch, to line: inout JSONLine) {
        line.field("id", match.id)
        line.field("msg", match.message)
        line.fieldIfAny("severity", match.severity)
        line.field("phase", match.phase)
        line.field("variable", match.variable)
        line.field("matched", match.matched)
        line.fieldIfAny("data", match.data)
        line.field("score", match.score)
        line.array("tags") { line in for tag in match.tags { line.string(element: tag) } }
    }

    /// OCSF's severity of a rule's.
    private static func severity(_ name: String) -> Severity {
        switch name {
        case "EMERGENCY", "ALERT", "CRITICAL": .high
        case "ERROR", "WARNING": .medium
        case "NOTICE": .low
        default: .informational
        }
    }
}
