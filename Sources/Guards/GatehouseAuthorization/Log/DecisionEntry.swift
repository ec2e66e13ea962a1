internal import Cedar
internal import GatehouseCore
internal import StrictJSON

/// One decision as the log keeps it: enough to take it again with other policies.
struct DecisionEntry: Sendable {
    /// What asked for it.
    enum Phase: String, Sendable {
        /// The request.
        case request
        /// The backend's answer.
        case response
        /// A member of the answer.
        case field
        /// An element of the answer.
        case item
        /// A caller of the decision point.
        case evaluation
    }

    var id: String
    var phase: Phase
    /// Nanoseconds since 1970.
    var time: Int64
    var question: Question
    var ruling: Ruling
    /// What a candidate set says; nil where there is none or it agrees.
    var shadow: Ruling?
    var service: String
    /// Method and template.
    var route: String
    var policyHash: String
    var schemaHash: String
    /// How long the decision took, nanoseconds.
    var duration: Int64

    /// One line, with its end.
    func write(to bytes: inout [UInt8]) {
        var writer = JSONWriter()
        writer.beginObject()
        for (name, text) in [
            ("id", id), ("phase", phase.rawValue), ("time", Self.moment(time)), ("service", service), ("route", route),
        ] {
            writer.key(name)
            writer.write(text)
        }
        for (name, value) in [
            ("principal", question.request.principal.json), ("action", question.request.action.json),
            ("resource", question.request.resource.json), ("context", Value.record(question.request.context).json),
            ("entities", .array(question.brought.map(\.json))),
        ] {
            writer.key(name)
            writer.write(value)
        }
        writer.key("decision")
        writer.write(ruling.answer.rawValue)
        writer.key("reason")
        writer.write(.array(ruling.reasons.map { .string($0) }))
        writer.key("errors")
        writer.write(.array(ruling.errors.map { ["policy": .string($0.policy), "message": .string($0.message)] }))
        if let shadow {
            writer.key("shadow")
            writer.write(["decision": .string(shadow.answer.rawValue), "reason": .array(shadow.reasons.map { .string($0) })])
        }
        writer.key("policies")
        writer.write(policyHash)
        writer.key("schema")
        writer.write(schemaHash)
        writer.key("microseconds")
        writer.write(duration / 1000)
        writer.endObject()
        bytes += writer.bytes
        bytes.append(UInt8(ascii: "\n"))
    }

    /// RFC 3339 with microseconds.
    private static func moment(_ nanoseconds: Int64) -> String { Timestamp.text(nanoseconds) }
}

/// Times as text.
enum Timestamp {
    /// RFC 3339 in UTC with microseconds, of nanoseconds since 1970.
    static func text(_ nanoseconds: Int64) -> String {
        let seconds = nanoseconds / 1_000_000_000
        let (days, rest) = (seconds / 86_400, seconds % 86_400)
        let (year, month, day) = date(days)
        let pad = { (number: Int64, digits: Int) -> String in
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T\(pad(rest / 3600, 2)):\(pad(rest / 60 % 60, 2)):\(pad(rest % 60, 2))"
            + ".\(pad(nanoseconds / 1000 % 1_000_000, 6))Z"
    }

    /// Year, month and day of a number of days since 1970.
    private static func date(_ days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let ofEra = shifted % 146_097
        let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let month = (5 * ofYear + 2) / 153
        let day = ofYear - (153 * month + 2) / 5 + 1
        return (year + era * 400 + (month < 10 ? 0 : 1), month < 10 ? month + 3 : month - 9, day)
    }
}
