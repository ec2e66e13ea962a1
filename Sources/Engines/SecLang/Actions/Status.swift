/// `status:number`: the status of a refusal, 403 by default.
enum StatusAction: ActionKeyword {
    static let name = "status"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.status = try number(parameter, in: 100...599)
    }
}
