/// `pass`: goes on in spite of the match.
enum PassAction: ActionKeyword {
    static let name = "pass"
    static let parameter = ParameterRule.none
    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.disruption = .pass
    }
}
