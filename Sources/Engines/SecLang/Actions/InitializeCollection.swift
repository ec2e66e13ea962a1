/// `initcol:ip=key`: brings a persistent collection into the transaction, under a key.
enum InitializeCollectionAction: ActionKeyword {
    static let name = "initcol"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        let (name, key) = try assignment(parameter)
        guard let collection = Variable.named(name), Variable.persistent.contains(collection) else {
            throw Complaint("`\(name)` is no persistent collection (IP, GLOBAL, SESSION, USER, RESOURCE)")
        }
        list.steps.append(InitializeCollection(collection: collection, key: try Macro.read(key, context)))
    }
}

struct InitializeCollection: ActionStep {
    let collection: Variable
    let key: Macro

    func run(_ transaction: Transaction, _ rule: Rule) {
        transaction.open(collection, key: key.expand(transaction))
    }
}
