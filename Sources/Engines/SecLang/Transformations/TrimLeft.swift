extension Transformation {
    /// Drops white space at the beginning.
    static let trimLeft = Transformation("trimLeft", triggers: .space) { input, output in
        var start = 0
        while start < input.count, isSpace(input[start]) { start += 1 }
        output.append(input.suffix(from: start))
        return start > 0
    }
}
