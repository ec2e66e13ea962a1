/// `rev:text`: the rule's revision.
enum RevisionAction: ActionKeyword {
    static let name = "rev"

    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.revision = parameter
    }
}
