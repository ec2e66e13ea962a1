/// `t:function`: transforms values before the operator sees them; `t:none` forgets the functions named so far, `t:-function` one of them.
enum TransformationAction: ActionKeyword {
    static let name = "t"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        guard parameter.lowercased() != "none" else {
            list.transformations = []
            return
        }
        let isRemoval = parameter.hasPrefix("-")
        let function = isRemoval || parameter.hasPrefix("+") ? String(parameter.dropFirst()) : parameter
        guard let index = Transformation.index(named: function) else { throw Complaint("unknown transformation `\(function)`") }
        if isRemoval {
            list.transformations.removeAll { $0 == index }
        } else {
            list.transformations.append(index)
        }
    }
}
