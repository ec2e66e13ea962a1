/// `block`: does what `SecDefaultAction` says for the phase.
enum BlockAction: ActionKeyword {
    static let name = "block"
    static let parameter = ParameterRule.none
    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.disruption = list.defaultDisruption
    }
}
