/// `capture`: keeps what the operator matched in TX:0 to TX:9.
enum CaptureAction: ActionKeyword {
    static let name = "capture"
    static let parameter = ParameterRule.none

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.captures = true
    }
}
