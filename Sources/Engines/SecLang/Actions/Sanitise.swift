/// `sanitiseArg:name`: the argument's value is masked in the record.
enum SanitiseArgumentAction: ActionKeyword {
    static let name = "sanitiseArg"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.steps.append(Sanitise(variable: "ARGS:" + parameter))
    }
}

/// `sanitiseMatched`: the matched variable's value is masked in the record.
enum SanitiseMatchedAction: ActionKeyword {
    static let name = "sanitiseMatched"
    static let parameter = ParameterRule.none

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.steps.append(Sanitise(variable: nil))
    }
}

/// `sanitiseMatchedBytes:1/4`: as `sanitiseMatched`; the whole value is masked, not its matched bytes alone.
enum SanitiseMatchedBytesAction: ActionKeyword {
    static let name = "sanitiseMatchedBytes"
    static let parameter = ParameterRule.optional

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.steps.append(Sanitise(variable: nil))
    }
}

/// `sanitiseRequestHeader:name`: the header's value is masked in the record.
enum SanitiseRequestHeaderAction: ActionKeyword {
    static let name = "sanitiseRequestHeader"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.steps.append(Sanitise(variable: "REQUEST_HEADERS:" + parameter))
    }
}

/// `sanitiseResponseHeader:name`: the header's value is masked in the record.
enum SanitiseResponseHeaderAction: ActionKeyword {
    static let name = "sanitiseResponseHeader"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.steps.append(Sanitise(variable: "RESPONSE_HEADERS:" + parameter))
    }
}

/// Marks a variable whose value must not be shown; the matched one where none is named.
struct Sanitise: ActionStep {
    let variable: String?

    func run(_ transaction: Transaction, _ rule: Rule) {
        transaction.mask(variable ?? transaction.matchedName.text)
    }
}
