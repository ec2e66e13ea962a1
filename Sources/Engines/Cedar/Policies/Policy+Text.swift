extension Policy {
    /// The policy as Cedar text on one line, annotations first.
    public var cedarText: String {
        var text = annotations.map { "@\($0.key)" + ($0.value.map { "(\($0.quoted))" } ?? "") + " " }.joined()
        text += "\(effect.rawValue) (\(principal.text(.principal)), \(action.text), \(resource.text(.resource)))"
        for condition in conditions {
            text += " \(condition.isWhen ? "when" : "unless") { \(ExpressionPrinter.text(of: condition.body)) }"
        }
        return text + ";"
    }
}

extension PolicySet {
    /// The static policies and templates as Cedar text, in order. Ids and links are not part of Cedar text.
    public var cedarText: String {
        (policies + templates).map { $0.policy.cedarText + "\n" }.joined(separator: "\n")
    }
}
