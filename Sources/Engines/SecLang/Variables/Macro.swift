/// Text with `%{VARIABLE}` and `%{COLLECTION.member}` in it.
struct Macro: Sendable {
    enum Part: Sendable {
        case text(Slice)
        case variable(Target)
    }

    let parts: [Part]
    /// The text, where there are no variables in it.
    let constant: Slice?

    init(parts: [Part]) {
        self.parts = parts
        switch parts.first {
        case nil: constant = .empty
        case .text(let text) where parts.count == 1: constant = text
        default: constant = nil
        }
    }

    /// Reads the text; an unknown variable is an error, a `%{` that is not closed is text.
    static func read(_ text: String, _ context: CompileContext) throws(Complaint) -> Macro {
        let bytes = Array(text.utf8)
        var parts: [Part] = []
        var pending: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "{"),
                let end = bytes[(index + 2)...].firstIndex(of: UInt8(ascii: "}"))
            else {
                pending.append(bytes[index])
                index += 1
                continue
            }
            if !pending.isEmpty { parts.append(.text(context.arena.copy(pending))) }
            pending = []
            parts.append(try variable(String(decoding: bytes[(index + 2)..<end], as: UTF8.self), offset: index, context))
            index = end + 1
        }
        if !pending.isEmpty { parts.append(.text(context.arena.copy(pending))) }
        return Macro(parts: parts)
    }

    private static func variable(_ text: String, offset: Int, _ context: CompileContext) throws(Complaint) -> Part {
        let pieces = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        var name = String(pieces.first ?? "")
        var member = pieces.count > 1 ? String(pieces[1]) : nil
        if name.hasPrefix("HTTP_"), name.count > 5 {
            member = String(name.dropFirst(5))
            name = "REQUEST_HEADERS"
        }
        let variable = try TargetDefinition.resolve(name, offset: offset)
        guard member == nil || variable.isCollection else {
            throw Complaint("`\(name)` is a single value and has no members", offset: offset)
        }
        let selector: Selector =
            if let member { variable == .tx ? .slot(context.slot(named: member)) : .name(context.arena.copy(member)) } else { .all }
        return .variable(Target(variable: variable, selector: selector, isCount: false, table: variable.table, exclusions: []))
    }

    /// The text with the values of this moment; a variable without a value leaves nothing.
    func expand(_ transaction: Transaction) -> Slice {
        if let constant { return constant }
        if parts.count == 1, case .variable(let target) = parts[0] { return transaction.firstValue(target) }
        let values = parts.map { part in
            switch part {
            case .text(let text): text
            case .variable(let target): transaction.firstValue(target)
            }
        }
        return transaction.arena.write(capacity: values.reduce(0) { $0 + $1.count }) { output in
            for value in values { output.append(value) }
        }
    }
}
