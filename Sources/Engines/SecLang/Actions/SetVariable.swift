/// `setvar:tx.name=value`, `=+number`, `=-number`, `!tx.name`, `tx.name` (1): changes a variable of a collection.
///
/// Relative changes never go below zero.
enum SetVariableAction: ActionKeyword {
    static let name = "setvar"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isRemoval = parts[0].hasPrefix("!")
        let place = try VariablePlace(isRemoval ? String(parts[0].dropFirst()) : parts[0], context)
        let value = parts.count > 1 ? parts[1] : "1"
        let change: SetVariable.Change =
            switch value.first {
            case _ where isRemoval: .remove
            case "+": .add(try Macro.read(String(value.dropFirst()), context), sign: 1)
            case "-": .add(try Macro.read(String(value.dropFirst()), context), sign: -1)
            default: .set(try Macro.read(value, context))
            }
        list.steps.append(SetVariable(place: place, change: change, isScore: parts[0].lowercased().contains("anomaly_score")))
    }
}

/// A variable of a collection that an action names.
struct VariablePlace: Sendable {
    let collection: Variable
    /// The name inside the collection.
    let member: Macro
    /// The number of a transaction variable whose name is known beforehand.
    let slot: Int?

    /// - Throws: `Complaint` where there is no collection in the name, or none that can be changed.
    init(_ text: String, _ context: CompileContext) throws(Complaint) {
        guard let dot = text.firstIndex(of: "."), let collection = Variable.named(String(text[..<dot])),
            collection == .tx || Variable.persistent.contains(collection)
        else { throw Complaint("`\(text)` names no variable of TX, IP, GLOBAL, SESSION, USER or RESOURCE") }
        let name = String(text[text.index(after: dot)...])
        guard !name.isEmpty else { throw Complaint("`\(text)` names no variable") }
        self.collection = collection
        member = try Macro.read(name, context)
        slot = collection == .tx && member.constant != nil ? context.slot(named: name) : nil
    }
}

struct SetVariable: ActionStep {
    enum Change: Sendable {
        case set(Macro), add(Macro, sign: Int), remove
    }

    let place: VariablePlace
    let change: Change
    let isScore: Bool

    func run(_ transaction: Transaction, _ rule: Rule) {
        switch change {
        case .remove: transaction.remove(place)
        case .set(let value): transaction.set(place, value.expand(transaction))
        case .add(let value, let sign):
            let amount = value.expand(transaction).integer
            let sum = transaction.value(of: place).integer.addingReportingOverflow(amount &* sign)
            transaction.set(place, transaction.arena.decimal(max(0, sum.overflow ? Int.max : sum.partialValue)))
            if isScore { transaction.note(score: amount &* sign) }
        }
    }
}
