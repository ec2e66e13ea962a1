/// `expirevar:ip.name=seconds`: forgets a variable of a persistent collection after a while.
enum ExpireVariableAction: ActionKeyword {
    static let name = "expirevar"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        let (name, value) = parameter.contains("=") ? try assignment(parameter) : (parameter, "1")
        let place = try VariablePlace(name, context)
        guard place.collection != .tx else { throw Complaint("TX variables end with the transaction and do not expire") }
        list.steps.append(ExpireVariable(place: place, seconds: try Macro.read(value, context)))
    }
}

struct ExpireVariable: ActionStep {
    let place: VariablePlace
    let seconds: Macro

    func run(_ transaction: Transaction, _ rule: Rule) {
        transaction.expire(place, after: seconds.expand(transaction).integer)
    }
}
