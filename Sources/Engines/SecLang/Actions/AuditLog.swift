/// `auditlog`: a match marks the exchange for the audit log.
enum AuditLogAction: ActionKeyword {
    static let name = "auditlog"
    static let parameter = ParameterRule.none

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.auditLogs = true
    }
}
