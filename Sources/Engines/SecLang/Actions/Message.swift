/// `msg:text`: says in one line what was seen.
enum MessageAction: ActionKeyword {
    static let name = "msg"

    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.message = try Macro.read(parameter, context)
    }
}
