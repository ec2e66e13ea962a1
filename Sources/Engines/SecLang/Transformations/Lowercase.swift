extension Transformation {
    /// Turns the ASCII letters A to Z into a to z; other bytes stay.
    static let lowercase = Transformation("lowercase", triggers: .upperCase) { input, output in
        for index in 0..<input.count { output.append(asciiLower(input[index])) }
        return true
    }
}
