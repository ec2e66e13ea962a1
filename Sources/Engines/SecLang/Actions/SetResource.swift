/// `setrsc:key`: names the resource and brings the RESOURCE collection in.
enum SetResourceAction: ActionKeyword {
    static let name = "setrsc"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.steps.append(InitializeCollection(collection: .resource, key: try Macro.read(parameter, context)))
    }
}
