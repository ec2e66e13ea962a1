/// `tag:text`: a mark by which rules are found.
enum TagAction: ActionKeyword {
    static let name = "tag"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.tags.append(parameter)
    }
}
