/// `ver:text`: the version of the set that the rule belongs to.
enum VersionAction: ActionKeyword {
    static let name = "ver"

    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.version = parameter
    }
}
