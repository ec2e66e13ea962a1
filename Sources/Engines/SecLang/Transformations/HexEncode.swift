extension Transformation {
    /// Writes every byte as two lower-case hexadecimal digits.
    static let hexEncode = Transformation("hexEncode", triggers: .all, capacity: { $0 * 2 }) { input, output in
        for index in 0..<input.count {
            output.append(lowerHexDigits[Int(input[index] >> 4)])
            output.append(lowerHexDigits[Int(input[index] & 15)])
        }
        return input.count > 0
    }
}
