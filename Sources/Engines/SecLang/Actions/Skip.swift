/// `skip:number`: after a match leaves out so many rules or chains.
enum SkipAction: ActionKeyword {
    static let name = "skip"

    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.skip = try number(parameter, in: 0...1_000_000)
    }
}
