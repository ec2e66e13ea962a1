/// `setsid:key`: names the session and brings the SESSION collection in.
enum SetSessionAction: ActionKeyword {
    static let name = "setsid"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.steps.append(InitializeCollection(collection: .session, key: try Macro.read(parameter, context)))
    }
}
