/// `redirect:url`: refuses the exchange by sending the client elsewhere.
enum RedirectAction: ActionKeyword {
    static let name = "redirect"

    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.disruption = .redirect(try Macro.read(parameter, context))
    }
}
