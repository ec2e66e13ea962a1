/// `noauditlog`: a match does not mark the exchange for the audit log.
enum NoAuditLogAction: ActionKeyword {
    static let name = "noauditlog"
    static let parameter = ParameterRule.none

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.auditLogs = false
    }
}
