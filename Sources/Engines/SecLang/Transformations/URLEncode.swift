extension Transformation {
    /// Percent-encodes every byte but letters, digits and `*`; a space becomes `+`.
    static let urlEncode = Transformation("urlEncode", triggers: .all, capacity: { $0 * 3 }) { input, output in
        var changed = false
        for index in 0..<input.count {
            let byte = input[index]
            if isAlphanumeric(byte) || byte == 42 {
                output.append(byte)
                continue
            }
            changed = true
            if byte == 32 {
                output.append(43)
            } else {
                output.append(37)
                output.append(lowerHexDigits[Int(byte >> 4)])
                output.append(lowerHexDigits[Int(byte & 15)])
            }
        }
        return changed
    }
}
