/// `skipAfter:marker`: after a match goes on behind the marker, or behind the rule of that id.
enum SkipAfterAction: ActionKeyword {
    static let name = "skipAfter"

    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.skipAfter = parameter
    }
}
