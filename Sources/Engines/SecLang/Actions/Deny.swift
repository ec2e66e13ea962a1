/// `deny`: refuses the exchange with the rule's status.
enum DenyAction: ActionKeyword {
    static let name = "deny"
    static let parameter = ParameterRule.none
    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.disruption = .deny
    }
}
