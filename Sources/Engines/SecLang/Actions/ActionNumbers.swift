extension ActionKeyword {
    /// A parameter as a number inside bounds.
    static func number(_ parameter: String, in bounds: ClosedRange<Int>) throws(Complaint) -> Int {
        guard let number = Int(parameter), bounds.contains(number) else {
            throw Complaint("`\(name)` takes a number from \(bounds.lowerBound) to \(bounds.upperBound), not `\(parameter)`")
        }
        return number
    }

    /// A parameter of the form `name=value`.
    static func assignment(_ parameter: String) throws(Complaint) -> (name: String, value: String) {
        guard let equals = parameter.firstIndex(of: "="), equals > parameter.startIndex else {
            throw Complaint("`\(name)` takes `name=value`, not `\(parameter)`")
        }
        return (String(parameter[..<equals]), String(parameter[parameter.index(after: equals)...]))
    }
}
