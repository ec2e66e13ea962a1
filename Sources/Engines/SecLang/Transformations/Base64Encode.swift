extension Transformation {
    /// Encodes in base64 with padding (RFC 4648 section 4).
    static let base64Encode = Transformation("base64Encode", triggers: .all, capacity: { ($0 + 2) / 3 * 4 }) { input, output in
        let alphabet = base64Alphabet
        var index = 0
        while index < input.count {
            let second = index + 1 < input.count ? input[index + 1] : 0
            let third = index + 2 < input.count ? input[index + 2] : 0
            output.append(alphabet[Int(input[index] >> 2)])
            output.append(alphabet[Int((input[index] & 3) << 4 | second >> 4)])
            output.append(index + 1 < input.count ? alphabet[Int((second & 15) << 2 | third >> 6)] : 61)
            output.append(index + 2 < input.count ? alphabet[Int(third & 63)] : 61)
            index += 3
        }
        return input.count > 0
    }

    private static let base64Alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
