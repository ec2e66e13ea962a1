/// `setenv:name=value`, `setenv:!name`: a value under ENV, which the transaction's record carries to the caller.
enum SetEnvironmentAction: ActionKeyword {
    static let name = "setenv"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        if parameter.hasPrefix("!") {
            list.steps.append(SetEnvironment(name: try Macro.read(String(parameter.dropFirst()), context), value: nil))
            return
        }
        let (name, value) = parameter.contains("=") ? try assignment(parameter) : (parameter, "1")
        list.steps.append(SetEnvironment(name: try Macro.read(name, context), value: try Macro.read(value, context)))
    }
}

struct SetEnvironment: ActionStep {
    let name: Macro
    let value: Macro?

    func run(_ transaction: Transaction, _ rule: Rule) {
        transaction.setEnvironment(name.expand(transaction), value?.expand(transaction))
    }
}
