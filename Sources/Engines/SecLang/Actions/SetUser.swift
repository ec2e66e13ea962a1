/// `setuid:key`: names the user and brings the USER collection in.
enum SetUserAction: ActionKeyword {
    static let name = "setuid"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.steps.append(InitializeCollection(collection: .user, key: try Macro.read(parameter, context)))
    }
}
