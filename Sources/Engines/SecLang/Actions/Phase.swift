/// `phase:1` to `phase:5`, or `request` (2), `response` (4), `logging` (5): when the rule runs.
enum PhaseAction: ActionKeyword {
    static let name = "phase"
    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.phase = try phase(parameter)
    }

    static func phase(_ parameter: String) throws(Complaint) -> Int {
        switch parameter.lowercased() {
        case "request": 2
        case "response": 4
        case "logging": 5
        default: try number(parameter, in: 1...5)
        }
    }
}
