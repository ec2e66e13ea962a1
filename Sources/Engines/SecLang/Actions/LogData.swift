/// `logdata:text`: recorded with each match.
enum LogDataAction: ActionKeyword {
    static let name = "logdata"

    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.logData = try Macro.read(parameter, context)
    }
}
