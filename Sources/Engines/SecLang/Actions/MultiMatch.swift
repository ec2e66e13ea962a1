/// `multiMatch`: the operator looks at the value before the first and after each transformation that changes it.
enum MultiMatchAction: ActionKeyword {
    static let name = "multiMatch"
    static let parameter = ParameterRule.none

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.matchesEachStep = true
    }
}
