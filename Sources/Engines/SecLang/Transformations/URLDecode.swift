extension Transformation {
    /// Decodes `%xx` and `+` (RFC 3986 section 2.1 and form encoding); what is not valid stays as it is.
    static let urlDecode = Transformation("urlDecode", triggers: ByteSet("%+")) { input, output in
        var invalid = 0
        return decodeURL(input, &output, invalid: &invalid)
    }

    /// Decodes as `urlDecode` and counts the percent signs that begin no valid pair.
    static func decodeURL(_ input: Slice, _ output: inout ByteWriter, invalid: inout Int) -> Bool {
        var index = 0
        var changed = false
        while index < input.count {
            let byte = input[index]
            if byte == 37 {
                if index + 2 < input.count, let decoded = hexPair(input[index + 1], input[index + 2]) {
                    output.append(decoded)
                    index += 3
                    changed = true
                    continue
                }
                invalid += 1
                output.append(byte)
            } else if byte == 43 {
                output.append(32)
                changed = true
            } else {
                output.append(byte)
            }
            index += 1
        }
        return changed
    }
}
