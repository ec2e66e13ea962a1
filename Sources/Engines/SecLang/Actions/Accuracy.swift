/// `accuracy:1` to `accuracy:9`: how seldom the rule is wrong, in its author's view.
enum AccuracyAction: ActionKeyword {
    static let name = "accuracy"

    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.accuracy = try number(parameter, in: 1...9)
    }
}
