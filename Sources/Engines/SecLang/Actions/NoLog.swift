/// `nolog`: a match is not recorded.
enum NoLogAction: ActionKeyword {
    static let name = "nolog"
    static let parameter = ParameterRule.none

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        (list.logs, list.auditLogs) = (false, false)
    }
}
