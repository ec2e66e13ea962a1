extension Transformation {
    /// Drops white space at the end.
    static let trimRight = Transformation("trimRight", triggers: .space) { input, output in
        var end = input.count
        while end > 0, isSpace(input[end - 1]) { end -= 1 }
        output.append(input.part(0, end))
        return end < input.count
    }
}
