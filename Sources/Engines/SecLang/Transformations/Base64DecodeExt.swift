extension Transformation {
    /// Decodes base64 leniently (RFC 2045): bytes that are no digits are passed over, the value ends at a NUL byte.
    static let base64DecodeExt = Transformation("base64DecodeExt", triggers: .all) { input, output in
        var decoder = Base64Decoder()
        for index in 0..<input.count {
            if input[index] == 0 { break }
            if let digit = Base64Decoder.value(of: input[index]) { decoder.take(digit, &output) }
        }
        return input.count > 0
    }
}
