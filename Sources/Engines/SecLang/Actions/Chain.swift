/// `chain`: the next rule has to match as well.
enum ChainAction: ActionKeyword {
    static let name = "chain"
    static let parameter = ParameterRule.none

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.isChained = true
    }
}
