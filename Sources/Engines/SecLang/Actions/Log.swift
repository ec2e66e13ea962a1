/// `log`: a match is recorded.
enum LogAction: ActionKeyword {
    static let name = "log"
    static let parameter = ParameterRule.none

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        (list.logs, list.auditLogs) = (true, true)
    }
}
