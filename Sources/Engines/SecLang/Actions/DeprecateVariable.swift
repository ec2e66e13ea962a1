/// `deprecatevar:session.name=amount/seconds`: lowers a counter by the amount for every period since the collection's last change.
enum DeprecateVariableAction: ActionKeyword {
    static let name = "deprecatevar"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        let (name, rate) = try assignment(parameter)
        let parts = rate.split(separator: "/")
        guard parts.count == 2, let amount = Int(parts[0]), let seconds = Int(parts[1]), seconds > 0 else {
            throw Complaint("`deprecatevar` takes `name=amount/seconds`, not `\(parameter)`")
        }
        list.steps.append(DeprecateVariable(place: try VariablePlace(name, context), amount: amount, seconds: seconds))
    }
}

struct DeprecateVariable: ActionStep {
    let place: VariablePlace
    let amount: Int
    let seconds: Int

    func run(_ transaction: Transaction, _ rule: Rule) {
        let value = transaction.value(of: place)
        guard !value.isEmpty else { return }
        let periods = transaction.secondsSinceUpdate(of: place.collection) / seconds
        guard periods > 0 else { return }
        transaction.set(place, transaction.arena.decimal(max(0, value.integer - amount * periods)))
    }
}
