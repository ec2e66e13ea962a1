/// `maturity:1` to `maturity:9`: how long the rule has been in use, in its author's view.
enum MaturityAction: ActionKeyword {
    static let name = "maturity"

    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.maturity = try number(parameter, in: 1...9)
    }
}
