/// `severity:2` or `severity:CRITICAL`: how grave a match is, from 0 (EMERGENCY) to 7 (DEBUG), as in syslog.
enum SeverityAction: ActionKeyword {
    static let name = "severity"
    static let isForStarterOnly = true
    static let levels = ["EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG"]

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        if let level = levels.firstIndex(of: parameter.uppercased()) {
            list.severity = level
        } else {
            list.severity = try number(parameter, in: 0...7)
        }
    }
}
