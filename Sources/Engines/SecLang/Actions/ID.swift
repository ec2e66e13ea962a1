/// `id:number`: the rule's name.
enum IDAction: ActionKeyword {
    static let name = "id"

    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.id = try number(parameter, in: 1...Int(Int32.max) * 1_000)
    }
}
