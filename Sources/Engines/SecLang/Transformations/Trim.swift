extension Transformation {
    /// Drops white space at both ends.
    static let trim = Transformation("trim", triggers: .space) { input, output in
        output.append(input.trimmed)
        return output.count != input.count
    }
}
