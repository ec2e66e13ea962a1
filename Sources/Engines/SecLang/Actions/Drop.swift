/// `drop`: closes the connection without an answer.
enum DropAction: ActionKeyword {
    static let name = "drop"
    static let parameter = ParameterRule.none
    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.disruption = .drop
    }
}
