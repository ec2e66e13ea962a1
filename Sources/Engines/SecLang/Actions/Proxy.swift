/// `proxy:url`: hands the exchange to another server.
enum ProxyAction: ActionKeyword {
    static let name = "proxy"

    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.disruption = .proxy(try Macro.read(parameter, context))
    }
}
