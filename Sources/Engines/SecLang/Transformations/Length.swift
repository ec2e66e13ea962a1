extension Transformation {
    /// Replaces the value by its length in bytes, in decimal.
    static let length = Transformation("length", triggers: .all, capacity: { _ in 20 }) { input, output in
        output.append(decimal: input.count)
        return true
    }
}
